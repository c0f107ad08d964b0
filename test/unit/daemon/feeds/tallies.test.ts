import type { JobEvent, jobMachine } from '../../../../machines/job.ts';
import { Tallies } from '../../../../src/daemon/feeds/tallies.ts';
import type { JobStep } from '../../../../src/fleet/job-instance.ts';
import type { Cause } from '../../../../src/plan/change.ts';
import type { JobCounts } from '../../../../src/wire/messages.ts';
import type { Bench } from '../../../support/bench.ts';
import { STOP, TESTED } from '../../../support/job-events.ts';
import {
  apply,
  exited,
  failed,
  gone,
  newJob,
  passed,
  runningJob,
  spawned,
  spawnFailed,
  unknown,
} from '../../../support/job-script.ts';

const NOTHING = { starts: 0, exits: {}, tests: {}, aliveFailures: 0, started: 0, startingMs: 0 };

test('starts, ends and the time until a job runs are counted until it is forgotten', () => {
  const job = newJob();
  const tallies = new Tallies(job.clock);
  let told = 0;
  const tell = (cause: Cause): void => {
    const steps = job.steps.slice(told) as readonly JobStep[];
    told = job.steps.length;
    for (const step of steps) tallies.note('web', step, cause);
  };
  job.post(spawned(1));
  tell('config');
  expect(tallies.of('web')).toEqual({ ...NOTHING, starts: 1 });
  const startMs = job.msUntil('startTime');
  job.wait(startMs);
  tell('config');
  expect(tallies.of('web')).toEqual({ ...NOTHING, starts: 1, started: 1, startingMs: startMs });
  job.post(exited(1, 3), gone(1));
  tell('exit');
  expect(tallies.of('web')).toMatchObject({ exits: { exit: 1 } });
  tallies.forget('web');
  expect(tallies.of('web')).toEqual(NOTHING);
});

test('a fact about an older run is not counted', () => {
  const job = newJob();
  job.post(spawned(1), gone(7));
  const tallies = new Tallies(job.clock);
  for (const step of job.steps as readonly JobStep[])
    tallies.note('web', step, step.event.type === 'GroupGone' ? 'exit' : 'config');
  expect(tallies.of('web')).toEqual({ ...NOTHING, starts: 1 });
});

/** What is counted of a job, each of whose steps has this cause. */
function counted(job: Bench<typeof jobMachine>, cause: Cause | null = 'config'): JobCounts {
  const tallies = new Tallies(job.clock);
  for (const step of job.steps as readonly JobStep[]) tallies.note('web', step, cause);
  return tallies.of('web');
}

test('tests are counted by what they said', () => {
  const tested = (...ends: readonly JobEvent[]) =>
    newJob(TESTED).post(...ends.flatMap((end) => [apply(TESTED), end]));
  expect(counted(tested(passed(1), failed(2), unknown(3))).tests).toEqual({ pass: 1, fail: 1, unknown: 1 });
  expect(counted(tested(failed(1), failed(2))).tests).toEqual({ fail: 2 });
  expect(counted(tested(passed(1)), null).tests).toEqual({});
});

test('a failed alive check is counted for the run and the config that it is about', () => {
  const checked = { hasAlive: true, aliveSpec: 'a', aliveFailures: 5 } as const;
  const fails = (run: number): JobEvent => ({ type: 'AliveFailed', run, detail: 'no answer' });
  expect(counted(runningJob(checked).post(fails(1), fails(1))).aliveFailures).toBe(2);
  expect(counted(runningJob(checked).post(fails(7))).aliveFailures).toBe(0);
  // The child of the old config goes on until its test has passed.
  const outdated = runningJob({ ...checked, ...TESTED }).post(
    apply({ ...checked, ...TESTED }, 'b'),
    fails(1),
  );
  expect(counted(outdated).aliveFailures).toBe(0);
  expect(counted(runningJob(checked)).aliveFailures).toBe(0);
});

test('an end is counted where there was a child, and for its cause', () => {
  const ended = runningJob().post(STOP, gone(1));
  expect(counted(ended, 'by-hand').exits).toEqual({ 'by-hand': 1 });
  expect(counted(ended, null)).toEqual(NOTHING);
  expect(counted(newJob().post(spawnFailed(1, false), gone(1)))).toEqual(NOTHING);
});

test('a child that ends before it counts as running does not count as started', () => {
  const job = newJob().post(spawned(1), exited(1, 3), gone(1)).wait(100).post(spawned(2));
  expect(counted(job)).toMatchObject({ starts: 2, started: 0, startingMs: 0 });
  const startMs = job.msUntil('startTime');
  job.wait(startMs);
  expect(counted(job)).toMatchObject({ starts: 2, started: 1 });
});
