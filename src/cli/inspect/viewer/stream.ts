import { activeStates } from '../../../plan/active-states.ts';
import type { ShownStep } from '../inspected-charts.ts';
import { isNamed, namesChart } from './address.ts';
import { type ShownChart, charts, choose, chosen, type Snapshot } from './charts.ts';
import { leaveOut } from './earlier.ts';
import { showTaken } from './picture.ts';
import { drawSoon } from './redraw.ts';
import { byId } from './dom.ts';

const KEPT_EVENTS = 100;
/** How long a removed job stays in the list. */
const REMOVED_MS = 30_000;

/** Whether the next step is the first of a connection or of a daemon. */
let isFirst = true;
/** The charts before that step, for the events of those that are still there; forgotten after a while. */
let former: ReadonlyMap<string, ShownChart> = new Map();

/** Follows the daemon's inspections while the page is open. */
export function followStream(): void {
  const source = new EventSource('events');
  source.addEventListener('open', beginAnew);
  source.addEventListener('message', ({ data }: MessageEvent<string>) => take(JSON.parse(data) as ShownStep));
  source.addEventListener('error', () => say('The connection is lost; trying again …', 'lost'));
  source.addEventListener('lost', ({ data }: MessageEvent<string>) =>
    say((JSON.parse(data) as { readonly why: string }).why, 'lost'),
  );
  source.addEventListener('found', beginAnew);
  source.addEventListener('ended', ({ data }: MessageEvent<string>) => {
    source.close();
    say((JSON.parse(data) as { readonly why: string }).why, 'ended');
  });
}

function beginAnew(): void {
  isFirst = true;
  say('live', 'live');
}

function say(text: string, line: 'live' | 'lost' | 'ended'): void {
  byId('line').textContent = text;
  document.body.dataset['line'] = line;
}

function take(step: ShownStep): void {
  if (isFirst) forgetAll();
  const chart = charts.get(step.sessionId);
  if (step.event === null) addChart(step);
  else if (chart !== undefined) advance(chart, step, step.event);
  drawSoon();
}

/** Each connection begins with every chart there is, and so does each daemon. */
function forgetAll(): void {
  isFirst = false;
  const before = new Map(charts);
  former = before;
  setTimeout(() => {
    if (former === before) former = new Map();
  }, REMOVED_MS);
  charts.clear();
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
    events: (charts.get(sessionId) ?? former.get(sessionId))?.events ?? [],
    earlier: charts.get(sessionId)?.earlier ?? null,
  });
  const present = chosen();
  const isOfDaemon = present?.startsWith('daemon:') === true;
  // The next daemon takes the place of the one before, whose id was another.
  if (present === null || (isOfDaemon && machine === 'daemon')) choose(sessionId);
  // A job is shown rather than the daemon, unless the address names a chart.
  else if (!namesChart() && isOfDaemon && machine === 'job') choose(sessionId);
  if (isNamed(sessionId)) choose(sessionId);
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
  if (entered.some((id) => id.startsWith('job.child.'))) chart.since = at;
  const event = { at, type, left, entered };
  chart.events.unshift(event);
  leaveOut(event, chart);
  chart.events.length = Math.min(chart.events.length, KEPT_EVENTS);
  if (next.status === 'stopped') forgetLater(chart);
  if (chart.id === chosen()) showTaken(chart, before, step.taken ?? []);
}

/** A chart that is looked at stays meanwhile, and one that was added anew stays for good. */
function forgetLater(chart: ShownChart): void {
  setTimeout(() => {
    if (charts.get(chart.id) !== chart) return;
    if (chart.id === chosen()) return forgetLater(chart);
    charts.delete(chart.id);
    drawSoon();
  }, REMOVED_MS);
}
