import { clockText, dayText } from '../../../text/local-time.ts';
import type { EarlierChange } from '../inspected-charts.ts';
import { type ShownChart, type ChartEvent, charts, chosen, type JobFacts } from './charts.ts';
import { byId, setText, textIn } from './dom.ts';
import { type StateMove, movedBetween } from './earlier.ts';
import { drawSoon } from './redraw.ts';

const TICK_MS = 100;

/** The changes whose rows are in the list, and the day of the rows: what happened on that day has no date. */
let drawnEarlier: readonly EarlierChange[] | null = null;
let drawnDay = '';

export function drawEvents({ machine, events, earlier }: ShownChart): void {
  const today = dayText(new Date());
  if (drawnEarlier !== earlier || drawnDay !== today)
    byId('earlier').replaceChildren(...(earlier ?? []).map(earlierRow));
  drawnEarlier = earlier;
  drawnDay = today;
  byId('before').hidden = (earlier ?? []).length === 0;
  byId('quiet').hidden = events.length > 0;
  const list = byId('events');
  // The newest comes first; a row that is there is left alone, so that one can go on reading.
  const fresh = events.filter(({ row }) => row === undefined || row.parentNode !== list);
  if (fresh.length === events.length) list.replaceChildren();
  for (const event of fresh.toReversed()) {
    event.row = rowOf(event, machine);
    list.prepend(event.row);
  }
  while (list.children.length > events.length) list.lastElementChild?.remove();
}

function rowOf({ at, type, left, entered }: ChartEvent, machine: string): HTMLElement {
  const time = new Date(at);
  const clock = `${clockText(time)}.${String(time.getMilliseconds()).padStart(3, '0')}`;
  return row(clock, type, { left: innermost(left, machine), entered: innermost(entered, machine) });
}

function earlierRow(change: EarlierChange): HTMLElement {
  const time = new Date(change.at);
  const isToday = dayText(time) === dayText(new Date());
  const made = row(isToday ? clockText(time) : dayText(time), change.event, movedBetween(change));
  made.title = time.toLocaleString();
  if (change.detail !== '') made.append(textIn('span', change.detail, 'from'));
  return made;
}

function row(when: string, type: string, { left, entered }: StateMove): HTMLElement {
  const made = document.createElement('li');
  made.append(textIn('time', when), textIn('b', eventText(type)));
  if (entered !== '') made.append(textIn('span', left, 'from'), textIn('span', entered, 'to'));
  return made;
}

/** XState names the end of a delay `xstate.after.backoff.job.child.Backoff`. */
const eventText = (type: string): string => type.replace(/^xstate\.after\.([^.]+)\..*$/, 'after $1');

function innermost(ids: readonly string[], machine: string): string {
  return ids
    .filter((id) => !ids.some((other) => other.startsWith(`${id}.`)))
    .map((id) => id.slice(machine.length + 1).replace(/^child\./, ''))
    .join(' ');
}

/** Shows the facts about the chosen job's process in one line. */
export function drawFacts(chart: ShownChart): void {
  setText(byId('facts'), chart.machine === 'job' ? factsOf(chart).join(' · ') : '');
}

function factsOf({ snapshot, look, since }: ShownChart): readonly string[] {
  const { child, restarts, lastExit, startError, backoffMs } = snapshot.context as JobFacts;
  const left = since === null ? null : Math.max(0, since + backoffMs - Date.now()) / 1000;
  return [
    ...(look?.state === 'backoff' && left !== null ? [`next start in ${left.toFixed(1)} s`] : []),
    // Of a job that has crashed only leftovers live.
    ...(child && look?.tone !== 'bad' ? [`pid ${child.pid}`] : []),
    ...(restarts > 0 ? [restarts === 1 ? '1 restart' : `${restarts} restarts`] : []),
    ...(lastExit ? [`last ${exitText(lastExit)}`] : []),
    ...(startError ? [startError] : []),
  ];
}

function exitText({ code, signal }: NonNullable<JobFacts['lastExit']>): string {
  if (signal !== null) return `ended by ${signal}`;
  return `exited with ${code ?? 'a code that nobody saw'}`;
}

/** Counts down to the next start while the chosen job is in backoff, and draws anew at midnight. */
export function tick(): void {
  setInterval(() => {
    const chart = charts.get(chosen() ?? '');
    if (chart?.look?.state === 'backoff') drawFacts(chart);
    if (chart !== undefined && drawnDay !== dayText(new Date())) drawSoon();
  }, TICK_MS);
}
