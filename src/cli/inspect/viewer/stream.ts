import { activeStates } from '../../../plan/active-states.ts';
import type { ShownStep } from '../inspected-charts.ts';
import { type ShownChart, charts, choose, chosen, type Snapshot } from './charts.ts';
import { showTaken } from './picture.ts';
import { drawSoon } from './redraw.ts';
import { byId } from './dom.ts';

const KEPT_EVENTS = 100;
/** How long a removed job stays in the list. */
const REMOVED_MS = 30_000;

/** The chart that the address names; it is chosen as soon as it appears. */
const namedChart = (): string => decodeURIComponent(location.hash.slice(1));

/** Follows the daemon's inspections while the page is open. */
export function followStream(): void {
  const source = new EventSource('events');
  source.addEventListener('open', () => {
    // Each connection begins with every chart there is.
    charts.clear();
    say('live', 'live');
  });
  source.addEventListener('message', ({ data }: MessageEvent<string>) => take(JSON.parse(data) as ShownStep));
  source.addEventListener('error', () => say('The connection is lost; trying again …', 'lost'));
  source.addEventListener('lost', ({ data }: MessageEvent<string>) =>
    say((JSON.parse(data) as { readonly why: string }).why, 'lost'),
  );
  source.addEventListener('found', () => {
    charts.clear();
    say('live', 'live');
  });
  source.addEventListener('ended', ({ data }: MessageEvent<string>) => {
    source.close();
    say((JSON.parse(data) as { readonly why: string }).why, 'ended');
  });
}

function say(text: string, line: 'live' | 'lost' | 'ended'): void {
  byId('line').textContent = text;
  document.body.dataset['line'] = line;
}

function take(step: ShownStep): void {
  const chart = charts.get(step.sessionId);
  if (step.event === null) addChart(step);
  else if (chart !== undefined) advance(chart, step, step.event);
  drawSoon();
}

/** A new chart, or the present snapshot of one after a new connection. */
function addChart({ sessionId, name, machine, snapshot, look }: ShownStep): void {
  charts.set(sessionId, {
    id: sessionId,
    name,
    machine,
    snapshot: snapshot as Snapshot,
    look,
    since: null,
    events: charts.get(sessionId)?.events ?? [],
    earlier: charts.get(sessionId)?.earlier ?? null,
  });
  const [present, named] = [chosen(), namedChart()];
  const isOfDaemon = present?.startsWith('daemon:') === true;
  // The next daemon takes the place of the one before, whose id was another.
  if (present === null || (isOfDaemon && machine === 'daemon')) choose(sessionId);
  // A job is shown rather than the daemon, unless the address names a chart.
  else if (named === '' && isOfDaemon && machine === 'job') choose(sessionId);
  if (named === sessionId) choose(sessionId);
}

function advance(chart: ShownChart, step: ShownStep, { type }: { readonly type: string }): void {
  const next = step.snapshot as Snapshot;
  const before = activeStates(chart.snapshot.value, chart.machine);
  const after = activeStates(next.value, chart.machine);
  const left = before.filter((id) => !after.includes(id));
  const entered = after.filter((id) => !before.includes(id));
  const at = Date.parse(step.at);
  chart.snapshot = next;
  chart.look = step.look;
  if (entered.length > 0) chart.since = at;
  chart.events.unshift({ at, type, left, entered });
  chart.events.length = Math.min(chart.events.length, KEPT_EVENTS);
  if (next.status === 'stopped') setTimeout(() => forget(chart), REMOVED_MS);
  if (chart.id === chosen()) showTaken(before, step.taken ?? []);
}

/** The chart that is looked at stays, and so does one that was added anew meanwhile. */
function forget(chart: ShownChart): void {
  if (chart.id === chosen() || charts.get(chart.id) !== chart) return;
  charts.delete(chart.id);
  drawSoon();
}
