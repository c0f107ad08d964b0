/** Of the viewer's script: what the stream of inspection messages does to the charts that the page knows. */
export const STREAM_SCRIPT = String.raw`
const KEPT_EVENTS = 100;
const asked = decodeURIComponent(location.hash.slice(1));

function take(message) {
  const { sessionId, type, snapshot } = message;
  if (type === '@xstate.actor') meet(message);
  const chart = charts.get(sessionId);
  if (type !== '@xstate.snapshot' || chart === undefined) return drawSoon();
  const before = idsIn(chart.snapshot.value, chart.machine);
  const after = idsIn(snapshot.value, chart.machine);
  const left = before.filter((id) => !after.includes(id));
  const entered = after.filter((id) => !before.includes(id));
  chart.snapshot = snapshot;
  if (entered.length > 0) chart.since = Number(message.createdAt);
  chart.events.unshift({ at: Number(message.createdAt), type: message.event.type, left, entered });
  chart.events.length = Math.min(chart.events.length, KEPT_EVENTS);
  if (sessionId === chosen) showTaken(left, entered);
  drawSoon();
}

/** A chart that is new, or how it is now after a while without word. */
function meet({ sessionId, name, definition, snapshot }) {
  const machine = JSON.parse(definition).id;
  const { events = [] } = charts.get(sessionId) ?? {};
  charts.set(sessionId, { id: sessionId, name, machine, snapshot, word: null, since: null, events });
  chosen ??= sessionId;
  // A job is what one comes for, unless another chart was asked for.
  if (asked === '' && charts.get(chosen).machine !== 'job' && machine === 'job') chosen = sessionId;
  if (asked === sessionId) chosen = sessionId;
}

function say(text, how) {
  byId('line').textContent = text;
  document.body.dataset.line = how;
}

const source = new EventSource('events');
source.onopen = () => {
  // The stream begins anew with what there is.
  charts.clear();
  say('live', 'live');
};
source.onmessage = ({ data }) => take(JSON.parse(data));
source.addEventListener('state', ({ data }) => {
  const { sessionId, state } = JSON.parse(data);
  const chart = charts.get(sessionId);
  if (chart !== undefined) chart.word = state;
  drawSoon();
});
source.onerror = () => say('The connection is lost; trying again …', 'lost');
source.addEventListener('ended', ({ data }) => {
  source.close();
  say(JSON.parse(data).why, 'ended');
});
`;
