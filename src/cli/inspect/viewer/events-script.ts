/** Of the viewer's script: what happened to the chosen chart, and what is known of its process. */
export const EVENTS_SCRIPT = String.raw`
const TICK_MS = 100;

/** The end of a delay, which XState calls by a longer name. */
const eventInWords = (type) => type.replace(/^xstate\.after\.([^.]+)\..*$/, 'after $1');

const two = (number) => String(number).padStart(2, '0');
function timeInWords(at) {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':') + '.' + String(date.getMilliseconds()).padStart(3, '0');
}

function drawEvents({ machine, events }) {
  byId('quiet').hidden = events.length > 0;
  const list = byId('events');
  // The newest is the first; a row that is there is left alone, so that one can read on.
  const fresh = events.filter(({ row }) => row === undefined || row.parentNode !== list);
  if (fresh.length === events.length) list.replaceChildren();
  for (const event of fresh.toReversed()) list.prepend((event.row = rowOf(event, machine)));
  while (list.children.length > events.length) list.lastElementChild.remove();
}

function rowOf({ at, type, left, entered }, machine) {
  const within = (id) => id.slice(machine.length + 1).replace(/^child\./, '');
  const innermost = (ids) => ids.filter((id) => !ids.some((other) => other.startsWith(id + '.'))).map(within).join(' ');
  const row = document.createElement('li');
  row.append(textIn('time', timeInWords(at)), textIn('b', eventInWords(type)));
  if (entered.length > 0) row.append(textIn('span', innermost(left), 'from'), textIn('span', innermost(entered), 'to'));
  return row;
}

function drawFacts(chart) {
  setText(byId('facts'), chart.machine === 'job' ? factsOf(chart).join(' · ') : '');
}

function factsOf({ snapshot: { context, value }, since }) {
  const { child, restarts, lastExit, trouble, backoffMs } = context;
  const left = since === null ? null : Math.max(0, since + backoffMs - Date.now()) / 1000;
  return [
    ...(value.child.AtRest === 'Backoff' && left !== null ? ['next start in ' + left.toFixed(1) + ' s'] : []),
    ...(child ? ['pid ' + child.pid] : []),
    ...(restarts > 0 ? [restarts === 1 ? '1 restart' : restarts + ' restarts'] : []),
    ...(lastExit ? ['last ' + (lastExit.signal === null ? 'exited with ' + (lastExit.code ?? 'a code that nobody saw') : 'ended by ' + lastExit.signal)] : []),
    ...(trouble ? [trouble] : []),
  ];
}

setInterval(() => {
  const chart = charts.get(chosen);
  if (chart !== undefined && chart.snapshot.value.child.AtRest === 'Backoff') drawFacts(chart);
}, TICK_MS);
`;
