import type { JobEvent, jobMachine } from '../../../../machines/job.ts';
import { History } from '../../../../src/daemon/feeds/history.ts';
import type { JobStep } from '../../../../src/fleet/job-instance.ts';
import type { Bench } from '../../../support/bench.ts';
import { DIE, DUE, REMOVE, RESTART, RESTORED, START, STOP, TESTED } from '../../../support/job-events.ts';
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
  unknown,
} from '../../../support/job-script.ts';
import { memoryHistory } from '../../../support/memory-history.ts';

type Job = Bench<typeof jobMachine>;

const DB = { unmet: [{ name: 'db', state: 'starting' as const }], nextStartAt: null };

/** Each change of state that is told: the state, its cause, and the words about it. */
function told(job: Job, boot = BOOT): readonly string[] {
  const history = new History(job.clock, memoryHistory(), boot);
  return (job.steps as readonly JobStep[]).flatMap((step) => {
    const noted = history.note('web', step);
    if (noted === null) return [];
    const { isChange, state, cause, detail } = history.complete(noted, 'web', DB);
    return isChange ? [`${state} (${cause}): ${detail}`] : [];
  });
}

const FILE_CHANGED: JobEvent = { type: 'Restart', cause: 'watch', file: 'src/a.js' };
const NEW = 'starting (config): new in the config';
const RAN = [NEW, 'running (config): pid 4001'];
const DUE_NOW = ['waiting (config): waits for its time', 'starting (schedule): its time has come'];
const TESTS = 'testing (config): new in the config, its test runs';
const RESTARTED_FOR_FILE = [
  TESTS,
  ...RAN,
  'stopping (watch): src/a.js changed',
  'testing (watch): src/a.js changed, its test runs',
  'starting (watch): src/a.js changed',
];
const EXITED = 'stopping (exit): exited with 3';

/** A job whose first two starts fail. */
const failsTwice = (): Job =>
  newJob({ maxRestarts: 2 })
    .post(spawned(1), exited(1, 3), gone(1))
    .wait(100)
    .post(spawned(2), exited(2, 3), gone(2));
const runOnce = (code: number): Job =>
  newJob({ restart: 'never' }).post(spawned(1), exited(1, code), gone(1));

test.each<[string, () => Job, readonly string[]]>([
  ['starts', () => runningJob(), RAN],
  ['is ready', () => newJob({ hasReady: true }).post(spawned(1), ready(1)), [NEW, `${RAN[1]}, ready`]],
  [
    'is not ready in time',
    () => newJob({ hasReady: true }).post(spawned(1)).wait(5_000),
    [NEW, 'stopping (daemon): was not ready within 5 s'],
  ],
  [
    'crashes while it runs',
    () => runningJob().post(exited(1, 3), gone(1)).wait(0).post(spawned(2)),
    [
      ...RAN,
      EXITED,
      'backoff (exit): exited with 3, next start at once',
      'starting (exit): again: exited with 3',
    ],
  ],
  [
    'fails twice and is given up',
    failsTwice,
    [
      NEW,
      EXITED,
      'backoff (exit): exited with 3, next start in 0.1 s',
      'starting (exit): again: exited with 3',
      EXITED,
      'failed (exit): exited with 3, 2 failures in a row',
    ],
  ],
  ['cannot be started', () => newJob().post(spawnFailed(1, true)), [NEW, 'failed (daemon): no such file']],
  [
    'cannot be started just now',
    () => newJob().post(spawnFailed(1, false)),
    [NEW, 'backoff (daemon): no such file, next start in 0.1 s'],
  ],
  [
    'is stopped by hand, then started',
    () => runningJob().post(STOP, gone(1), START),
    [
      ...RAN,
      'stopping (by-hand): stopped by hand',
      'stopped (by-hand): stopped by hand',
      'starting (by-hand): started by hand',
    ],
  ],
  [
    'does not stop in time',
    () => runningJob().post(STOP).wait(10_000).post(gone(1)),
    [
      ...RAN,
      'stopping (by-hand): stopped by hand',
      'stopped (by-hand): stopped by hand, killed: it did not stop within 10 s',
    ],
  ],
  [
    'does not stop within a second and a half',
    () => runningJob({ stopTimeoutMs: 1_500 }).post(STOP).wait(1_500).post(gone(1)),
    [
      ...RAN,
      'stopping (by-hand): stopped by hand',
      'stopped (by-hand): stopped by hand, killed: it did not stop within 1.5 s',
    ],
  ],
  [
    'is restarted by hand',
    () => runningJob().post(RESTART, gone(1)),
    [...RAN, 'stopping (by-hand): restarted by hand', 'starting (by-hand): restarted by hand'],
  ],
  [
    'is restarted for a changed file',
    () => runningJob().post(FILE_CHANGED, gone(1)),
    [...RAN, 'stopping (watch): src/a.js changed', 'starting (watch): src/a.js changed'],
  ],
  [
    'is restarted by hand once its test has passed',
    () => runningJob(TESTED).post(RESTART, passed(2), gone(1), passed(3)),
    [
      TESTS,
      ...RAN,
      'stopping (by-hand): restarted by hand',
      'testing (by-hand): restarted by hand, its test runs',
      'starting (by-hand): restarted by hand',
    ],
  ],
  [
    'is restarted for a changed file once its test has passed',
    () => runningJob(TESTED).post(FILE_CHANGED, passed(2), gone(1), passed(3)),
    RESTARTED_FOR_FILE,
  ],
  [
    'is restarted for a changed file while a trigger has its test run',
    () => runningJob(TESTED).post(apply(TESTED), FILE_CHANGED, passed(2), gone(1), passed(3)),
    RESTARTED_FOR_FILE,
  ],
  [
    'was to be restarted for a changed file, but is stopped by its test',
    () => runningJob(TESTED).post(FILE_CHANGED, failed(2)),
    [TESTS, ...RAN, 'stopping (test): its test exited with 1'],
  ],
  [
    'is restarted for a new config',
    () => runningJob().post(apply({}, 'b'), gone(1)),
    [...RAN, 'stopping (config): its config changed', 'starting (config): its config changed'],
  ],
  ['is removed', () => runningJob().post(REMOVE), [...RAN, 'stopping (config): no longer in the config']],
  [
    'ends with its daemon and comes back with the next',
    () => runningJob().post(DIE, gone(1)).restore().post(RESTORED),
    [
      ...RAN,
      expect.stringMatching(/^stopping \(daemon\): the daemon /),
      expect.stringMatching(/^stopped \(daemon\): the daemon /),
      'starting (daemon): a daemon came back',
    ],
  ],
  [
    'is held by its test',
    () => newJob(TESTED).post(apply(TESTED), failed(1)),
    [TESTS, 'held (test): its test exited with 1'],
  ],
  [
    'is held by its test, which then passes',
    () => newJob(TESTED).post(apply(TESTED), failed(1), apply(TESTED), passed(2)),
    [TESTS, 'held (test): its test exited with 1', 'starting (test): its test exited with 0'],
  ],
  [
    'has a first test without an answer',
    () => newJob(TESTED).post(apply(TESTED), unknown(1)),
    [TESTS, 'held (test): its test timed out'],
  ],
  [
    'is stopped by its test',
    () => runningJob(TESTED).post(apply(TESTED), failed(2)),
    [TESTS, ...RAN, 'stopping (test): its test exited with 1'],
  ],
  [
    'waits for a job that it comes after',
    () => newJob({ hasDependencies: true }).post({ type: 'DependenciesUp' }),
    [
      'waiting (dependency): waits for db (starting)',
      'starting (dependency): the jobs that it comes after are up',
    ],
  ],
  [
    'runs at its time and fails',
    () => newJob({ hasSchedule: true }).post(DUE, spawned(1), exited(1, 3), gone(1)),
    [...DUE_NOW, EXITED, 'waiting (exit): exited with 3, waits for its time'],
  ],
  [
    'has finished',
    () => runOnce(0),
    [NEW, 'stopping (exit): exited with 0', 'finished (exit): exited with 0'],
  ],
  ['runs once and fails', () => runOnce(3), [NEW, EXITED, 'failed (exit): exited with 3']],
])('a job that %s: its history says why', (_, jobOf, wanted) => {
  expect(told(jobOf())).toEqual(wanted);
});

test('a job that ran in another boot of the machine went down with that', () => {
  const job = runningJob()
    .post({ ...exited(1, 0), code: null } as JobEvent, gone(1))
    .wait(1);
  expect(told(job, 'another').slice(2)).toEqual([
    'stopping (daemon): the machine was restarted',
    'backoff (daemon): exited while no daemon was running; its exit code is unknown, next start at once',
    'starting (daemon): the machine was restarted',
  ]);
});
