import type { Action, ReportedChange, Reason } from '../../plan/change.ts';
import type { JobState } from '../../plan/job-state.ts';
import type { Report } from '../../wire/messages.ts';
import { changeWords } from '../words/change-words.ts';
import { clockWords } from './clock-words.ts';
import type { RenderContext, Paint } from '../terminal/render-context.ts';
import { printable } from '../../text/printable.ts';
import { tableLines, type Cell, type ShrinkRule } from '../terminal/table.ts';

interface Wording {
  readonly symbol: string;
  readonly paint: Paint | null;
  readonly done: string;
  readonly planned: string;
}

const ACTIONS: { readonly [Each in Action]: Wording } = {
  start: { symbol: '+', paint: 'green', done: 'started', planned: 'start' },
  restart: { symbol: '↻', paint: 'cyan', done: 'restarted', planned: 'restart' },
  update: { symbol: '~', paint: 'blue', done: 'updated', planned: 'update' },
  stop: { symbol: '-', paint: 'yellow', done: 'stopped', planned: 'stop' },
  remove: { symbol: '-', paint: 'yellow', done: 'removed', planned: 'remove' },
  none: { symbol: '·', paint: 'dim', done: 'unchanged', planned: 'unchanged' },
};

const REASONS: { readonly [Each in Reason]: string } = {
  new: 'new',
  changed: 'its config changed',
  removed: 'not in the config any more',
  'test-passed': 'its test passes',
  'test-failed': 'its test says no',
  'test-unknown': 'its test gave no answer',
  'by-hand': 'by hand',
  'not-running': 'it was not running',
  unchanged: '',
};

/** A reason of a readable length is worth more than the middle of a long name. */
const GIVING: readonly ShrinkRule[] = [
  { at: 2, least: 36 },
  { at: 0, least: 18, cut: 'middle' },
  { at: 2, least: 8 },
];

/**
 * One line for each job that changed or needs attention, then a summary. `isPlan` words it as a prediction;
 * `now` is in milliseconds since 1970. For jobs that were named by hand, every one that is not up is listed.
 */
export function renderReport(
  report: Report,
  isPlan: boolean,
  context: RenderContext,
  { now = Date.now(), isByHand = false }: { readonly now?: number; readonly isByHand?: boolean } = {},
): string {
  const rows = linesWorth(report.changes, isByHand).map((change) => rowOf(change, isPlan, now));
  const lines = rows.length === 0 ? [] : [...tableLines(rows, GIVING, context), ''];
  return `${[...lines, summaryOf(report.changes, isPlan)].join('\n')}\n`;
}

/** Jobs that were to come up and did not. */
export function fallen(changes: readonly ReportedChange[]): readonly ReportedChange[] {
  return changes.filter(isFallen);
}

/** A one-shot that failed earlier and was left as it is is not reported again. */
const isFallen = ({ state, action }: ReportedChange): boolean =>
  state === 'backoff' || (state === 'failed' && action !== 'none');

/** Up to this many quiet jobs are named; more are only counted. */
const QUIET_MAX = 10;

/** Changes and jobs that need attention; after a change also short lists of the jobs that stay down. */
function linesWorth(changes: readonly ReportedChange[], isByHand: boolean): readonly ReportedChange[] {
  const isLoud = (change: ReportedChange): boolean =>
    change.action !== 'none' ||
    (isByHand && change.state !== 'running' && change.state !== 'stopped') ||
    change.reason === 'test-unknown' ||
    isLeftOut(change) ||
    awaitsTurn(change) ||
    isFallen(change);
  const quiet = changes.filter((change) => !isLoud(change) && isDown(change));
  const isNamed = changes.some(isLoud) && quiet.length <= QUIET_MAX;
  return changes.filter((change) => isLoud(change) || (isNamed && isDown(change)));
}

/**
 * The quiet state a change leaves a job in (`held`, `waiting`, `stopped`), or null. In a plan, a job that is
 * new or stopped with the daemon and fails its test counts as held.
 */
function downAs(change: ReportedChange): 'held' | 'waiting' | 'scheduled' | 'stopped' | null {
  const { action, state, reason } = change;
  if (action === 'start' && state === 'waiting') return waitsAs(change);
  if (action !== 'none') return null;
  if (state === 'held' || state === 'waiting') return state;
  if (state !== 'stopped') return null;
  return reason === 'by-hand' ? 'stopped' : 'held';
}

/** The job was only scheduled; nothing of it has run. */
function waitsAs({ facts }: ReportedChange): 'waiting' | 'scheduled' | null {
  if (facts.some(({ kind }) => kind === 'waitsForJobs')) return 'waiting';
  return facts.some(({ kind }) => kind === 'ended') ? null : 'scheduled';
}

/** The job was stopped and now waits for its dependencies instead of starting again. */
const isLeftWaiting = ({ action, facts }: ReportedChange): boolean =>
  action === 'restart' && facts.some(({ kind }) => kind === 'waitsForJobs');

/** Somebody stopped the job while it was to come up. */
const isStoppedMeanwhile = ({ action, state }: ReportedChange): boolean =>
  (action === 'start' || action === 'restart') && state === 'stopped';

/** A scheduled job ran now because it was asked to, and without success. */
const isFailedRun = ({ action, facts }: ReportedChange): boolean =>
  (action === 'start' || action === 'restart') &&
  facts.some((fact) => fact.kind === 'ended' && fact.isFailure === true);

/** It was to be replaced, and stays as it is because another one did not come up. */
const isLeftOut = ({ facts }: ReportedChange): boolean => facts.some(({ kind }) => kind === 'rollStopped');

/** It is to be replaced, once another one has come up. */
const awaitsTurn = ({ facts }: ReportedChange): boolean => facts.some(({ kind }) => kind === 'waitsForTurn');

const isDown = (change: ReportedChange): boolean => downAs(change) !== null;

function rowOf(change: ReportedChange, isPlan: boolean, now: number): readonly Cell[] {
  const { symbol, paint, word } = wordingOf(change, isPlan);
  return [
    { text: `${symbol} ${printable(change.job)}`, paint },
    { text: word },
    { text: !isPlan && isStoppedMeanwhile(change) ? 'by hand, meanwhile' : reasonWords(change, now) },
    { text: placeWords(change, isPlan), paint: 'dim' },
  ];
}

function wordingOf(
  change: ReportedChange,
  isPlan: boolean,
): { readonly symbol: string; readonly paint: Paint | null; readonly word: string } {
  const { symbol, paint, done, planned } = ACTIONS[change.action];
  if (!isPlan && (isFallen(change) || isLeftWaiting(change)))
    return { symbol: '!', paint: 'red', word: 'down' };
  if (!isPlan && isFailedRun(change)) return { symbol: '!', paint: 'red', word: 'failed' };
  if (!isPlan && isStoppedMeanwhile(change)) return { ...ACTIONS.stop, word: ACTIONS.stop.done };
  if (isLeftOut(change)) return { symbol: '!', paint: 'red', word: done };
  const word = downAs(change) ?? (isPlan ? planned : done);
  return change.reason === 'test-unknown' ? { symbol: '?', paint: 'yellow', word } : { symbol, paint, word };
}

/** A time in a detail is that of the reader’s clock. */
function reasonWords({ reason, facts }: ReportedChange, now: number): string {
  if (facts.length === 0) return REASONS[reason];
  return printable(changeWords(facts, (at) => clockWords(at, now)));
}

/** The pid of the job, or the state that it ended in. */
function placeWords(change: ReportedChange, isPlan: boolean): string {
  const { action, state, pid } = change;
  if (isPlan || action === 'remove' || isDown(change)) return '';
  if (state === 'running' && pid !== null) return `pid ${pid}`;
  return (action === 'stop' && state === 'stopped') || isStoppedMeanwhile(change) ? '' : state;
}

function summaryOf(changes: readonly ReportedChange[], isPlan: boolean): string {
  const nothing = isPlan ? 'nothing to do' : 'nothing changed';
  if (changes.length === 0) return `${nothing}: no jobs`;
  if (changes.every(({ action }) => action === 'none')) return `${nothing}: ${stateCounts(changes)}`;
  const down = isPlan ? [] : changes.filter((change) => isFallen(change) || isLeftWaiting(change));
  const failed = isPlan ? [] : changes.filter(isFailedRun);
  const parts = (Object.keys(ACTIONS) as Action[]).map((action) => {
    const count = changes.filter(
      (change) =>
        (!isPlan && isStoppedMeanwhile(change) ? 'stop' : change.action) === action &&
        !down.includes(change) &&
        !failed.includes(change) &&
        !isDown(change),
    ).length;
    return count === 0
      ? ''
      : isPlan && action !== 'none'
        ? `${count} to ${ACTIONS[action].planned}`
        : `${count} ${ACTIONS[action].done}`;
  });
  const isStopping = changes.some(({ action }) => action === 'stop');
  const quiet = (['scheduled', 'held', 'waiting', 'stopped'] as const).map((state) => {
    const count = changes.filter((change) => downAs(change) === state).length;
    return count === 0
      ? ''
      : `${count} ${state}${state === 'stopped' && isStopping && !isPlan ? ' before' : ''}`;
  });
  const wrong = [
    failed.length === 0 ? '' : `${failed.length} failed`,
    down.length === 0 ? '' : `${down.length} down`,
  ];
  return [...parts, ...quiet, ...wrong].filter((part) => part !== '').join(', ');
}

/** `3 jobs running, 1 held`. */
function stateCounts(changes: readonly ReportedChange[]): string {
  const counts = new Map<JobState | 'scheduled', number>();
  for (const change of changes) {
    const state = downAs(change) ?? change.state;
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return [...counts]
    .map(([state, count], at) =>
      at === 0 ? `${count} ${count === 1 ? 'job' : 'jobs'} ${state}` : `${count} ${state}`,
    )
    .join(', ');
}
