import type { JobState } from '../../../plan/job-state.ts';
import { activeStates } from '../../../plan/active-states.ts';
import { type ShownChart, charts, choose, chosen, type Message, type Snapshot } from './charts.ts';
import { showTaken } from './picture.ts';
import { drawSoon } from './redraw.ts';
import { byId } from './dom.ts';

const KEPT_EVENTS = 100;

type Actor = Extract<Message, { readonly type: '@xstate.actor' }>;
type Step = Extract<Message, { readonly type: '@xstate.snapshot' }>;

/** The chart that the address names; it is chosen as soon as it appears. */
const named = decodeURIComponent(location.hash.slice(1));

/** Follows the daemon's inspections while the page is open. */
export function followStream(): void {
  const source = new EventSource('events');
  source.addEventListener('open', () => {
    // Each connection begins with every chart there is.
    charts.clear();
    say('live', 'live');
  });
  source.addEventListener('message', ({ data }: MessageEvent<string>) => take(JSON.parse(data) as Message));
  source.addEventListener('state', ({ data }: MessageEvent<string>) => {
    const { sessionId, state } = JSON.parse(data) as { readonly sessionId: string; readonly state: JobState };
    const chart = charts.get(sessionId);
    if (chart !== undefined) chart.state = state;
    drawSoon();
  });
  source.addEventListener('error', () => say('The connection is lost; trying again …', 'lost'));
  source.addEventListener('ended', ({ data }: MessageEvent<string>) => {
    source.close();
    say((JSON.parse(data) as { readonly why: string }).why, 'ended');
  });
}

function say(text: string, line: 'live' | 'lost' | 'ended'): void {
  byId('line').textContent = text;
  document.body.dataset['line'] = line;
}

function take(message: Message): void {
  if (message.type === '@xstate.actor') addChart(message);
  const chart = charts.get(message.sessionId);
  if (message.type === '@xstate.snapshot' && chart !== undefined) advance(chart, message);
  drawSoon();
}

/** A new chart, or the present snapshot of one after a new connection. */
function addChart({ sessionId, name, definition, snapshot }: Actor): void {
  const machine = (JSON.parse(definition) as { readonly id: string }).id;
  const events = charts.get(sessionId)?.events ?? [];
  charts.set(sessionId, {
    id: sessionId,
    name,
    machine,
    snapshot: snapshot as Snapshot,
    state: null,
    since: null,
    events,
  });
  const present = chosen();
  if (present === null) choose(sessionId);
  // A job is shown rather than the daemon, unless the address names a chart.
  else if (named === '' && charts.get(present)?.machine !== 'job' && machine === 'job') choose(sessionId);
  if (named === sessionId) choose(sessionId);
}

function advance(chart: ShownChart, { sessionId, createdAt, event, snapshot }: Step): void {
  const next = snapshot as Snapshot;
  const before = activeStates(chart.snapshot.value, chart.machine);
  const after = activeStates(next.value, chart.machine);
  const left = before.filter((id) => !after.includes(id));
  const entered = after.filter((id) => !before.includes(id));
  const at = Number(createdAt);
  chart.snapshot = next;
  if (entered.length > 0) chart.since = at;
  chart.events.unshift({ at, type: event.type, left, entered });
  chart.events.length = Math.min(chart.events.length, KEPT_EVENTS);
  if (sessionId === chosen()) showTaken(left, entered);
}
