import type { JobEvent, jobMachine } from '../../../../machines/job.ts';
import { History } from '../../../../src/daemon/feeds/history.ts';
import type { JobStep } from '../../../../src/fleet/job-instance.ts';
import type { HistoryFiles } from '../../../../src/state/history-files.ts';
import type { Bench } from '../../../support/bench.ts';
import { RESTART, RESTORED, START, STOP, TESTED } from '../../../support/job-events.ts';
import {
  apply,
  BOOT,
  exited,
  failed,
  gone,
  newJob,
  passed,
  ready,
  runningJob,
  spawned,
  spawnFailed,
} from '../../../support/job-script.ts';
import { memoryHistory } from '../../../support/memory-history.ts';

type Job = Bench<typeof jobMachine>;

const AROUND = { unmet: [{ name: 'db', state: 'failed' as const }], nextStartAt: null };
const steps = (job: Job, from = 0): readonly JobStep[] => job.steps.slice(from) as readonly JobStep[];

/** Each step that is told: whether it is a change, its state, its cause and the words about it. */
function told(history: History, of: readonly JobStep[]): readonly string[] {
  return of.flatMap((step) => {
    const noted = history.note('web', step);
    if (noted === null) return [];
    const { isChange, state, cause, detail } = history.complete(noted, 'web', AROUND);
    return `${isChange ? state : '-'} (${cause}): ${detail}`;
  });
}

const historyOf = (job: Job, files: HistoryFiles = memoryHistory(), boot = BOOT): History =>
  new History(job.clock, files, boot);

/** The last of what is told of a job. */
const last = (job: Job, count: number): readonly string[] => told(historyOf(job), steps(job)).slice(-count);

const CHECKED = { hasAlive: true, aliveSpec: 'a', aliveFailures: 1 } as const;
const unwell: JobEvent = { type: 'AliveFailed', run: 1, detail: 'no answer' };
const greedy: JobEvent = { type: 'OverMemory', run: 1, bytes: 300_000_000 };
const hungry = { maxMemoryBytes: 200_000_000 };
const EVERY = { ...TESTED, testIntervalMs: 60_000 };

test.each<[string, () => Job, readonly string[]]>([
  [
    'fails its alive check',
    () => runningJob(CHECKED).post(unwell, gone(1)),
    [
      'stopping (alive): its alive check failed: no answer',
      'backoff (alive): its alive check failed: no answer, next start at once',
    ],
  ],
  [
    'uses too much memory',
    () => runningJob(hungry).post(greedy, greedy),
    ['stopping (memory): its memory was 300 MB, above the 200 MB of max_memory'],
  ],
  [
    'loses a job that it comes after before its test has ended',
    () =>
      newJob({ ...TESTED, hasDependencies: true }).post(
        apply({ ...TESTED, hasDependencies: true }),
        { type: 'DependenciesUp' },
        { type: 'DependenciesDown' },
        passed(1),
      ),
    ['waiting (dependency): waits for db (failed)'],
  ],
  [
    'is down when a trigger comes',
    () => newJob().post(spawnFailed(1, false), apply()),
    ['backoff (daemon): no such file, next start in 0.1 s', 'starting (config): by a trigger'],
  ],
  [
    'is not ready in time, and later ends by itself',
    () =>
      newJob({ hasReady: true })
        .post(spawned(1))
        .wait(5_000)
        .post({ ...exited(1, 0), code: null, signal: 'SIGTERM' } as JobEvent, gone(1))
        .wait(100)
        .post(spawned(2), exited(2, 3), gone(2)),
    [
      'stopping (daemon): was not ready within 5 s',
      '- (daemon): ended by SIGTERM',
      'backoff (daemon): was not ready within 5 s, next start in 0.1 s',
      'starting (daemon): was not ready within 5 s',
      '- (daemon): pid 4002',
      'stopping (exit): exited with 3',
      'backoff (exit): exited with 3, next start in 0.2 s',
    ],
  ],
  [
    'is held by its test until that is run again after its interval',
    () => newJob(EVERY).post(apply(EVERY), failed(1)).wait(60_000).post(passed(2)),
    ['held (test): its test exited with 1', '- (test): ', 'starting (test): its test exited with 0'],
  ],
  [
    'gets a new config that waits for the test to pass',
    () => runningJob(TESTED).post(apply(TESTED, 'b'), passed(2), gone(1), passed(3)),
    [
      '- (config): ',
      'stopping (config): its config changed',
      'testing (config): its config changed, its test runs',
      'starting (config): its config changed',
    ],
  ],
  [
    'is stopped by hand while it ends by itself',
    () => runningJob().post(exited(1, 3), STOP, gone(1)),
    ['stopping (exit): exited with 3', '- (by-hand): ', 'stopped (by-hand): stopped by hand'],
  ],
  [
    'is restarted by hand before its test has ended',
    () => newJob(TESTED).post(apply(TESTED), RESTART, passed(1)),
    ['starting (by-hand): restarted by hand'],
  ],
  [
    'is started by hand while it waits for its next start',
    () => newJob().post(spawnFailed(1, false), START),
    ['starting (by-hand): started by hand'],
  ],
])('a job that %s: its steps say why', (_, jobOf, wanted) => {
  expect(last(jobOf(), wanted.length)).toEqual(wanted);
});

test('a step within a state tells what it adds: pid, exit, file, kill', () => {
  expect(last(newJob().post(spawned(1)), 1)).toEqual(['- (config): pid 4001']);
  expect(last(runningJob().post(STOP, exited(1, 3)), 1)).toEqual(['- (by-hand): exited with 3']);
  expect(last(runningJob().post(STOP).wait(10_000), 1)).toEqual([
    '- (by-hand): killed: it did not stop within 10 s',
  ]);
  const changed: JobEvent = { type: 'Restart', cause: 'watch', file: 'a.js' };
  expect(last(runningJob(TESTED).post(changed), 1)).toEqual(['- (config): a.js changed']);
  const probed = newJob({ hasReady: true }).post(spawned(1), ready(1));
  expect(last(probed, 1)).toEqual(['running (config): pid 4001, ready']);
});

test('a step that moves nothing and ends no child is not told', () => {
  const job = runningJob();
  const before = job.steps.length;
  job.post(apply(), gone(7));
  expect(told(historyOf(job), steps(job, before))).toEqual([]);
});

test('the exit of a child is told until its next run begins', () => {
  const job = newJob().post(spawned(1), exited(1, 3), gone(1)).wait(100).post(spawned(2));
  const history = historyOf(job);
  const exits = steps(job).flatMap((step) => {
    const noted = history.note('web', step);
    return noted === null ? [] : [`${noted.transition.state}: ${noted.transition.exit?.code ?? 'none'}`];
  });
  expect(exits).toEqual([
    'starting: none',
    'starting: none',
    'stopping: 3',
    'backoff: 3',
    'starting: none',
    'starting: none',
  ]);
});

const at = (job: Job, event: JobEvent): JobEvent =>
  ({ ...event, at: new Date(job.clock.wall()).toISOString() }) as JobEvent;

test('a run is told with its times, how it ended and why', () => {
  const job = newJob();
  job.post(at(job, spawned(1))).wait(5_000);
  job
    .post(at(job, exited(1, 3)))
    .wait(1_000)
    .post(gone(1));
  const history = historyOf(job);
  told(history, steps(job));
  expect(history.runsOf('web')).toEqual([
    {
      run: 1,
      startedAt: '2026-01-01T00:00:00.000Z',
      endedAt: '2026-01-01T00:00:05.000Z',
      durationMs: 5_000,
      exit: { code: 3, signal: null },
      cause: 'exit',
      detail: 'exited with 3',
    },
  ]);
});

test('how a run ended is told also where the next one begins with the same step', () => {
  const job = newJob();
  job.post(at(job, spawned(1)), RESTART, at(job, exited(1, 3)), gone(1));
  const history = historyOf(job);
  expect(told(history, steps(job)).at(-1)).toBe('starting (by-hand): restarted by hand');
  expect(history.runsOf('web')).toMatchObject([{ exit: { code: 3, signal: null } }]);
});

test('a run whose child was not seen to end has ended when its group was found gone', () => {
  const job = newJob();
  job
    .post(at(job, spawned(1)))
    .wait(2_000)
    .post(STOP)
    .wait(1_000)
    .post(gone(1));
  const history = historyOf(job);
  told(history, steps(job));
  expect(history.runsOf('web')).toMatchObject([
    { endedAt: '2026-01-01T00:00:03.000Z', durationMs: 3_000, exit: { code: null, signal: null } },
  ]);
});

test('no run is told for a launch without a child, or for the group of an older run', () => {
  const failing = newJob().post(spawnFailed(1, false));
  const stale = runningJob().post(STOP, gone(7));
  for (const job of [failing, stale]) {
    const history = historyOf(job);
    told(history, steps(job));
    expect(history.runsOf('web')).toEqual([]);
  }
});

test('the age of a change is counted by the clock since boot, and by dates over a restart', () => {
  const files = memoryHistory();
  const job = newJob().wait(3_000).post(spawned(1)).wait(2_000);
  told(historyOf(job, files), steps(job));
  job.wait(1_000);
  const [wall, sinceBoot] = [job.clock.wall() + 50_000, job.clock.sinceBoot()];
  // Somebody has set the clock.
  const same = new History({ wall: () => wall, sinceBoot: () => sinceBoot }, files, BOOT);
  const other = new History({ wall: () => wall, sinceBoot: () => 7 }, files, 'another');
  const ages = (history: History): readonly number[] => history.changesOf('web').map(({ age }) => age);
  const noted = job.clock.sinceBoot() - ages(same)[0]!;
  expect(ages(same)[0]).toBe(sinceBoot - noted);
  expect(ages(other)[0]).toBe(ages(same)[0]! + 50_000);
  const earlier = new History({ wall: () => 0, sinceBoot: () => 0 }, files, 'another');
  expect(ages(earlier).every((age) => age === 0)).toBe(true);
});

test('the next daemon goes on with the state, the cause and the file that the last one told', () => {
  const files = memoryHistory();
  const job = runningJob().post({ type: 'Restart', cause: 'watch', file: 'a.js' });
  told(historyOf(job, files), steps(job));
  const before = job.steps.length;
  job.restore().post(RESTORED, gone(1));
  const history = historyOf(job, files);
  expect(told(history, steps(job, before))).toEqual(['starting (watch): a.js changed']);
  expect(history.changesOf('web').at(-1)).toMatchObject({ state: 'starting', file: 'a.js', cause: 'watch' });
});

test('the exit that the last daemon told is not lost with it', () => {
  const files = memoryHistory();
  const job = newJob({ restart: 'never' }).post(spawned(1), exited(1, 3));
  told(historyOf(job, files), steps(job));
  const before = job.steps.length;
  job.restore().post(RESTORED, gone(1));
  expect(told(historyOf(job, files), steps(job, before))).toEqual(['failed (exit): exited with 3']);
});

test('a job of which nothing was told before has no other cause than its daemon', () => {
  const job = runningJob().post(exited(1, 3), gone(1));
  const before = job.steps.length;
  job.wait(0).post(spawned(2));
  expect(told(historyOf(job), steps(job, before))).toEqual(['starting (daemon): ', '- (daemon): pid 4002']);
});
