import type { Bench } from '../support/bench.ts';
import type { jobMachine, Policy } from '../../machines/job.ts';
import { apply, exited, gone, newJob, passed, runningJob, spawned } from '../support/job-script.ts';
import { STOP } from '../support/job-events.ts';

/** No two delays of it are alike, nor is one a multiple of another. */
const ODD: Partial<Policy> = {
  startMs: 1_103,
  readyTimeoutMs: 5_003,
  stopTimeoutMs: 10_007,
  testTimeoutMs: 7_001,
  testIntervalMs: 3_011,
  backoffMinMs: 101,
  backoffMaxMs: 2_003,
  backoffFactor: 3,
};

const TESTED = { ...ODD, hasTest: true };

type Job = Bench<typeof jobMachine>;

const stopping = (): Job => newJob(ODD).post(spawned(1)).wait(1_103).post(STOP);

test.each<[string, string, () => Job, number]>([
  ['a start without a check', 'startTime', () => newJob(ODD).post(spawned(1)), 1_103],
  ['a start with a check', 'readyTimeout', () => newJob({ ...ODD, hasReady: true }).post(spawned(1)), 5_003],
  ['a run until it is stable', 'stableTime', () => runningJob(), 30_000],
  ['a stop', 'stopTimeout', stopping, 10_007],
  ['a kill until the next', 'killAgain', () => stopping().wait(10_007), 1_000],
  ['the kill after that', 'killAgain', () => stopping().wait(11_007), 1_000],
  ['a test', 'testTimeout', () => newJob(TESTED).post(apply(TESTED)), 7_001],
  ['a test until the next', 'testInterval', () => newJob(TESTED).post(passed(1)), 3_011],
])('the time of %s is what the config says, to the millisecond: %s', (_, delay, jobOf, ms) => {
  const job = jobOf();
  expect(job.msUntil(delay)).toBe(ms);
  job.wait(ms - 1);
  expect(job.msUntil(delay)).toBe(1);
  const before = job.steps.length;
  job.wait(1);
  expect(job.steps[before]?.event.type).toMatch(new RegExp(`^xstate\\.after\\.${delay}\\.`));
});

/** The backoffs of a job whose starts all fail. */
function backoffsOf(name: string): readonly number[] {
  const job = newJob(ODD, name);
  return Array.from({ length: 6 }, (_, index) => {
    job.post(spawned(index + 1), exited(index + 1, 1), gone(index + 1));
    const waited = job.msUntil('backoff');
    job.wait(waited);
    return waited;
  });
}

test('J-39 the backoff grows by its factor and is waited for in full', () => {
  const [least, most] = [0.9, 1].map((share) =>
    [101, 303, 909, 2_003, 2_003, 2_003].map((full) => Math.round(full * share)),
  );
  for (const [index, waited] of backoffsOf('web').entries()) {
    expect(waited).toBeGreaterThanOrEqual(least![index]!);
    expect(waited).toBeLessThanOrEqual(most![index]!);
  }
});

test('J-39 jobs that fell together rise apart, in each round anew, and the same in each replay', () => {
  const [web, db] = ['web', 'db'].map((name) => backoffsOf(name).slice(3));
  expect(backoffsOf('web').slice(3)).toEqual(web);
  expect(new Set(web).size).toBeGreaterThan(1);
  expect(web!.map((waited, index) => waited === db![index])).toEqual([false, false, false]);
});
