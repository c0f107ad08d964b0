import { renderReport } from '../../../../src/cli/render/report.ts';
import type { ChangeFact, Reason, ReportedChange } from '../../../../src/plan/change.ts';
import { change, plain } from '../../../support/sample-replies.ts';

interface Reader {
  readonly isPlan?: boolean;
  readonly isByHand?: boolean;
  readonly color?: boolean;
}

/** The lines of a report on these changes. */
function linesOf(changes: readonly ReportedChange[], reader: Reader = {}): readonly string[] {
  const { isPlan = false, isByHand = false, color = false } = reader;
  const report = { ok: true, changes, problems: [] };
  return renderReport(report, isPlan, { ...plain(100), color }, { isByHand })
    .trimEnd()
    .split('\n');
}

const withFacts = (given: Partial<ReportedChange>, ...facts: readonly ChangeFact[]): ReportedChange => ({
  ...change(given),
  facts,
});
const DB_DOWN: ChangeFact = { kind: 'waitsForJobs', jobs: [{ name: 'db', state: 'failed' }] };
const started = change({ job: 'zoo', action: 'start', reason: 'new' });

test.each<[Reason, string]>([
  ['new', 'new'],
  ['changed', 'its config changed'],
  ['removed', 'not in the config any more'],
  ['test-passed', 'its test passes'],
  ['test-failed', 'its test says no'],
  ['test-unknown', 'its test gave no answer'],
  ['by-hand', 'by hand'],
  ['not-running', 'it was not running'],
])('a change without other facts gives its reason: %s is "%s"', (reason, words) => {
  const [line] = linesOf([change({ action: 'restart', reason })]);
  expect(line?.slice('↻ web  restarted  '.length)).toBe(`${words}  pid 4242`);
});

test('a job named by hand has a line where it is not up, but not where it is up or was stopped', () => {
  const states = ['held', 'waiting', 'starting', 'finished', 'failed', 'stopped', 'running'] as const;
  const named = (isByHand: boolean): readonly string[] =>
    states.filter((state) => {
      const pid = state === 'running' ? 7 : null;
      return linesOf([change({ state, pid, reason: 'by-hand' })], { isByHand }).length > 1;
    });
  expect([named(true), named(false)]).toEqual([['held', 'waiting', 'starting', 'finished', 'failed'], []]);
});

test('a job that was restarted and now waits for another is down', () => {
  const left = withFacts({ action: 'restart', reason: 'by-hand', state: 'waiting', pid: null }, DB_DOWN);
  expect(linesOf([left])).toEqual(['! web  down  waiting for db (failed)  waiting', '', '1 down']);
  expect(linesOf([left], { isPlan: true })).toEqual([
    '↻ web  restart  waiting for db (failed)',
    '',
    '1 to restart',
  ]);
});

test('a job that could not start yet waits, and one that only waits for its time is scheduled', () => {
  const waiting = (job: string, ...facts: readonly ChangeFact[]): ReportedChange =>
    withFacts({ job, action: 'start', reason: 'new', state: 'waiting', pid: null }, ...facts);
  const success: ChangeFact = { kind: 'ended', code: 0, signal: null };
  expect(linesOf([waiting('app', DB_DOWN), waiting('nightly'), waiting('report', success)])).toEqual([
    '+ app      waiting    waiting for db (failed)',
    '+ nightly  scheduled  new',
    '+ report   started    exited with 0            waiting',
    '',
    '1 started, 1 scheduled, 1 waiting',
  ]);
});

test('a run that was asked for and failed is counted as failed, not as started', () => {
  const ended = (isFailure?: true): ReportedChange =>
    withFacts(
      { action: 'start', reason: 'by-hand', state: 'waiting', pid: null },
      { kind: 'ended', code: isFailure === true ? 3 : 0, signal: null, ...(isFailure && { isFailure }) },
    );
  expect(linesOf([ended(true)])).toEqual(['! web  failed  exited with 3  waiting', '', '1 failed']);
  expect(linesOf([ended()])).toEqual(['+ web  started  exited with 0  waiting', '', '1 started']);
  expect(linesOf([ended(true)], { isPlan: true })).toEqual(['+ web  start  exited with 3', '', '1 to start']);
});

test('a copy that was left as it is because another did not come up is a problem', () => {
  const left = withFacts(
    { job: 'web@2', reason: 'changed', pid: 5 },
    { kind: 'rollStopped', by: 'web@1', state: 'failed' },
  );
  expect(linesOf([left])[0]).toBe('! web@2  unchanged  not replaced, because web@1 is failed  pid 5');
});

test('a job that failed is down where it was started now, and is not told again later', () => {
  const failed = change({ action: 'start', reason: 'new', state: 'failed', pid: null });
  expect(linesOf([failed])).toEqual(['! web  down  new  failed', '', '1 down']);
  expect(linesOf([{ ...failed, action: 'none', reason: 'unchanged' }])).toEqual([
    'nothing changed: 1 job failed',
  ]);
  expect(linesOf([change({ state: 'backoff', pid: null })])[0]).toBe('! web  down  backoff');
});

test('the last cell is the pid of a running job, or the state that the words do not say yet', () => {
  const lines = linesOf([
    change({ job: 'a', action: 'update', reason: 'changed', state: 'stopped', pid: null }),
    change({ job: 'b', action: 'stop', reason: 'by-hand', state: 'stopped', pid: null }),
    change({ job: 'c', action: 'stop', reason: 'by-hand', state: 'stopping', pid: 9 }),
    change({ job: 'd', action: 'remove', reason: 'removed', state: 'stopping', pid: 9 }),
    change({ job: 'e', action: 'start', reason: 'new', state: 'running', pid: null }),
    change({ job: 'f', action: 'restart', reason: 'changed', state: 'starting', pid: 9 }),
  ]);
  expect(lines.slice(0, 6).map((line) => line.slice(3).trim().split(/ {2,}/).slice(2).join())).toEqual([
    'stopped',
    '',
    'stopping',
    '',
    'running',
    'starting',
  ]);
});

test('up to ten jobs that stay down are named beside a change, and more only counted', () => {
  const held = (count: number): readonly ReportedChange[] =>
    Array.from({ length: count }, (_, at) => change({ job: `job${at}`, state: 'held', pid: null }));
  expect([linesOf([...held(10), started]).length, linesOf([...held(11), started]).length]).toEqual([13, 3]);
});

test('a job stopped by hand earlier is stopped, and any other that is not up is held', () => {
  const down = (job: string, reason: Reason): ReportedChange =>
    change({ job, reason, state: 'stopped', pid: null });
  expect(linesOf([down('by-hand', 'by-hand'), down('no', 'test-failed'), started])).toEqual([
    '· by-hand  stopped  by hand',
    '· no       held     its test says no',
    '+ zoo      started  new               pid 4242',
    '',
    '1 started, 1 held, 1 stopped',
  ]);
});

test('only beside jobs that were stopped now are others said to have been stopped before', () => {
  const before = change({ job: 'a', reason: 'by-hand', state: 'stopped', pid: null });
  const now = change({ job: 'b', action: 'stop', reason: 'by-hand', state: 'stopped', pid: null });
  const summary = (changes: readonly ReportedChange[], isPlan = false): string | undefined =>
    linesOf(changes, { isPlan }).at(-1);
  expect([summary([before, now]), summary([before, started]), summary([before, now], true)]).toEqual([
    '1 stopped, 1 stopped before',
    '1 started, 1 stopped',
    '1 to stop, 1 stopped',
  ]);
});

test('names and facts are printed so that a terminal does not obey them', () => {
  const [line] = linesOf([
    withFacts(
      { job: 'a\u001b[2J', action: 'start', reason: 'new' },
      { kind: 'notStarted', why: 'b\u001b[2J' },
    ),
  ]);
  expect(line).toBe('+ a\\e[2J  started  b\\e[2J  pid 4242');
});

test('a line has the colour of its action, red where something is wrong, and places are dim', () => {
  const colorOf = (given: Partial<ReportedChange>, ...facts: readonly ChangeFact[]): string | undefined =>
    // oxlint-disable-next-line no-control-regex -- finding them is the point
    /^\u001b\[(\d+)m. web/.exec(linesOf([withFacts(given, ...facts)], { color: true })[0] ?? '')?.[1];
  expect([
    colorOf({ action: 'start' }),
    colorOf({ action: 'restart' }),
    colorOf({ action: 'update' }),
    colorOf({ action: 'stop' }),
    colorOf({ action: 'remove' }),
    colorOf({ reason: 'test-unknown' }),
    colorOf({ action: 'start', state: 'backoff' }),
    colorOf({ action: 'restart' }, DB_DOWN),
    colorOf({ reason: 'changed' }, { kind: 'waitsForTurn' }),
  ]).toEqual(['32', '36', '34', '33', '33', '33', '31', '31', '2']);
  expect(linesOf([started], { color: true })[0]).toContain('\u001b[2mpid 4242\u001b[0m');
});
