import type { Policy } from '../../machines/job.ts';
import { POLICY } from '../support/job-model.ts';
import {
  apply,
  exited,
  failed,
  fallenJob,
  gone,
  newJob,
  passed,
  ready,
  runningJob,
  spawned,
  spawnFailed,
  unknown,
} from '../support/job-script.ts';
import {
  TESTED,
  DUE,
  STOP,
  START,
  RESTART,
  BY_HAND,
  BY_TEST,
  SPAWNING,
  ZERO,
} from '../support/job-events.ts';

test('J-20 A job that is down and wanted waits for its time and for the jobs that it comes after', () => {
  expect(newJob({ hasSchedule: true }).value.child).toEqual({ Waiting: 'ForTime' });
  expect(newJob({ hasDependencies: true }).value.child).toEqual({ Waiting: 'ForDependencies' });
  const scheduled = { ...TESTED, hasSchedule: true };
  expect(newJob(scheduled).post(apply(scheduled), passed(1)).value.child).toEqual({ Waiting: 'ForTime' });
  const after = { ...TESTED, hasDependencies: true };
  expect(newJob(after).post(apply(after), passed(1)).value.child).toEqual({ Waiting: 'ForDependencies' });
});

test('J-21 A job that waits for nothing and whose test has passed starts', () => {
  expect(newJob(TESTED).post(apply(TESTED), passed(1)).effects()).toEqual([
    'runTest',
    'cancelTest',
    'spawnChild',
  ]);
  expect(newJob(TESTED).post(START, passed(1)).value.child).toEqual(SPAWNING);
  expect(newJob().effects()).toEqual(['spawnChild']);
});

test('J-22 A job starts only while every job that it comes after is up', () => {
  const after = { ...TESTED, hasDependencies: true };
  const job = newJob(after).post(apply(after), passed(1), { type: 'DependenciesUp' });
  expect(job.value).toEqual({ want: 'Yes', test: 'Testing', child: { Waiting: 'ForTest' } });
  expect(job.post({ type: 'DependenciesDown' }, passed(2)).value.child).toEqual({
    Waiting: 'ForDependencies',
  });
  expect(job.post({ type: 'DependenciesUp' }, passed(3)).value.child).toEqual(SPAWNING);
  expect(job.post(spawned(1), { type: 'DependenciesDown' }).value.child).toEqual({
    Up: { Starting: 'Settling' },
  });
  const early = newJob(after).post(
    { type: 'DependenciesUp' },
    { type: 'DependenciesDown' },
    apply(after),
    passed(1),
  );
  expect(early.value.child).toEqual({ Waiting: 'ForDependencies' });
});

test('J-23 A scheduled job starts when its time has come, and waits for the next one when it has ended, failed or not', () => {
  const job = newJob({ hasSchedule: true });
  expect(job.effects()).toEqual(['awaitDue']);
  expect(job.post(DUE).effects()).toEqual(['cancelDue', 'spawnChild']);
  job.post(spawned(1), exited(1, 0), gone(1));
  expect(job.value.child).toEqual({ Waiting: 'ForTime' });
  expect(job.effects()).toEqual(['releaseChild', 'stopGroup', 'awaitDue']);
  expect(job.post(apply({ hasSchedule: true })).effects()).toEqual(['cancelDue', 'awaitDue']);
  expect(job.context).toMatchObject(ZERO);
  const once = { hasSchedule: true, restart: 'on-failure', maxRestarts: 1 } as const;
  const givenUp = newJob(once).post(DUE, spawned(1), exited(1, 1), gone(1));
  const impossible = newJob(once).post(DUE, spawnFailed(1, true));
  for (const failed of [givenUp, impossible]) {
    expect(failed.value.child).toEqual({ Waiting: 'ForTime' });
    expect(failed.context).toMatchObject(ZERO);
  }
  expect(impossible.context).toMatchObject({ startError: expect.any(String), child: null });
});

test.each([START, RESTART])('J-24 A start by hand starts now, with its counters at zero', (byHand) => {
  const once = { restart: 'on-failure' } as const;
  const scheduled = { ...once, hasSchedule: true };
  const failedOnce = (policy: Partial<Policy> = {}): ReturnType<typeof newJob> =>
    newJob(policy).post(DUE, spawned(1), exited(1, 1), gone(1));
  const thenDone = (job: ReturnType<typeof newJob>): typeof job =>
    job.wait(POLICY.backoffMinMs).post(spawned(2), exited(2, 0), gone(2));
  const inBackoff = failedOnce();
  const givenUp = failedOnce({ maxRestarts: 1 });
  const stopped = failedOnce().post(STOP);
  const stoppedWithSchedule = failedOnce(scheduled).post(STOP);
  const finished = thenDone(failedOnce(once));
  const waiting = thenDone(failedOnce(scheduled));
  const all = [inBackoff, givenUp, stopped, stoppedWithSchedule, finished, waiting];
  expect(all.map(({ value }) => value.child)).toEqual([
    { AtRest: 'Backoff' },
    { AtRest: 'GivenUp' },
    { AtRest: 'Down' },
    { AtRest: 'Down' },
    { AtRest: { Ended: 'Finished' } },
    { Waiting: 'ForTime' },
  ]);
  expect(all.map(({ context }) => context.failures > 0)).toEqual([true, true, true, true, false, false]);
  for (const job of all) {
    expect(job.post(byHand).value.child).toEqual(SPAWNING);
    expect(job.context).toMatchObject(ZERO);
  }
});

test('J-25 A job that is waiting, in backoff or failed and not wanted any more is down', () => {
  for (const job of [
    newJob({ hasDependencies: true }),
    newJob({ hasSchedule: true }),
    newJob(TESTED).post(START),
    fallenJob(),
    newJob().post(spawnFailed(1, true)),
  ]) {
    expect(job.post(STOP).value).toEqual({
      want: BY_HAND,
      test: { Idle: 'Quiet' },
      child: { AtRest: 'Down' },
    });
    expect(job.wait(600_000).value.child).toEqual({ AtRest: 'Down' });
  }
  expect(newJob(TESTED).post(START, failed(1)).value).toEqual({
    want: BY_TEST,
    test: { Idle: 'Quiet' },
    child: { AtRest: 'Down' },
  });
});

test('J-26 A wanted job whose test has no verdict tries again after a backoff', () => {
  const job = newJob(TESTED).post(START, unknown(1));
  expect(job.wait(POLICY.backoffMinMs * 0.8).value).toEqual({
    want: 'Yes',
    test: { Idle: 'Quiet' },
    child: { AtRest: 'Backoff' },
  });
  expect(job.wait(POLICY.backoffMinMs).value).toEqual({
    want: 'Yes',
    test: 'Testing',
    child: { Waiting: 'ForTest' },
  });
  expect(job.post(passed(2)).value.child).toEqual(SPAWNING);
});

test('J-27 A child runs its program only after it has been recorded', () => {
  const job = newJob().post(spawned(1));
  expect(job.effects()).toEqual(['spawnChild', 'releaseChild']);
  const released = job.steps.find(({ effects }) => effects.includes('releaseChild'));
  expect(released?.after.context.child).toEqual({ pid: 4_001, start: '17', boot: 'b', at: 'now' });
});

test('J-27 a child that is stopped before it was recorded never runs its program', () => {
  const job = newJob().post(STOP, spawned(1));
  expect(job.effects()).toEqual(['spawnChild', 'stopGroup', 'stopGroup']);
  expect(job.context.child?.pid).toBe(4_001);
});

test('J-28 A child that cannot start until something is mended fails the job and says why', () => {
  const job = newJob().post(spawnFailed(1, true));
  expect(job.value.child).toEqual({ AtRest: 'GivenUp' });
  expect(job.context.startError).toBe('no such file');
  const late = newJob().post(spawned(1), spawnFailed(1, true));
  expect(late.value.child).toEqual({ AtRest: 'GivenUp' });
  expect(late.context).toMatchObject({ child: null, startError: 'no such file' });
});

test('J-29 A child that cannot start just now, or that ran before, is tried again after a backoff, without counting as a failed start', () => {
  const job = newJob({ maxRestarts: 1 }).post(spawnFailed(1, false));
  expect(job.value.child).toEqual({ AtRest: 'Backoff' });
  expect(job.context).toMatchObject({ failures: 0, startError: 'no such file' });
  expect(newJob().post(spawned(1), spawnFailed(1, false)).context).toMatchObject({
    child: null,
    failures: 0,
  });
  expect(job.wait(POLICY.backoffMinMs).value.child).toEqual(SPAWNING);
  expect(job.context.run).toBe(2);
  const ranBefore = fallenJob({ maxRestarts: 1 }).wait(0).post(spawnFailed(2, true));
  expect(ranBefore.value.child).toEqual({ AtRest: 'Backoff' });
  expect(ranBefore.context).toMatchObject({ failures: 0, startError: 'no such file' });
  const changed = runningJob().post(apply({}, 'b'), gone(1), spawnFailed(2, true));
  expect(changed.value.child).toEqual({ AtRest: 'GivenUp' });
});

test('T-1 J-30 A child counts as running when it is ready, or after its start time where no readiness is asked for', () => {
  const job = newJob()
    .post(spawned(1))
    .wait(POLICY.startMs - 1);
  expect(job.value.child).toEqual({ Up: { Starting: 'Settling' } });
  expect(job.wait(1).value.child).toEqual({ Up: 'Running' });
  const probed = newJob({ hasReady: true }).post(spawned(1));
  expect(probed.wait(POLICY.startMs).value.child).toEqual({ Up: { Starting: 'Probing' } });
  expect(probed.post(ready(0)).value.child).toEqual({ Up: { Starting: 'Probing' } });
  expect(probed.post(ready(1)).value.child).toEqual({ Up: 'Running' });
  expect(newJob({ hasReady: true }).post(spawned(1), ready(1)).value.child).toEqual({ Up: 'Running' });
});

test('J-30 a starting job whose new config asks for readiness is probed at once', () => {
  const job = newJob().post(spawned(1), apply({ hasReady: true }));
  expect(job.value.child).toEqual({ Up: { Starting: 'Probing' } });
  expect(job.effects()).toEqual(['spawnChild', 'releaseChild', 'probeChild']);
});

test('J-30 a job that is no longer asked to be ready counts as running', () => {
  const job = newJob({ hasReady: true }).post(spawned(1)).wait(POLICY.startMs);
  expect(job.post(apply()).value.child).toEqual({ Up: 'Running' });
});

test('what is reported of a child is kept whole, and what is not is not kept either', () => {
  const least = { pid: 7, start: '17', boot: 'b', at: 'now' };
  const whole = { ...least, program: 8, programStart: '18', mark: 'f', logFrom: 0, logAfter: '' };
  for (const child of [least, whole])
    expect(newJob().post({ type: 'Spawned', run: 1, ...child }).context.child).toStrictEqual(child);
});

test('a program that has run is waited for when it is missing, until the config names another', () => {
  const ran = runningJob().post(apply(), exited(1, 1), gone(1)).wait(0);
  expect(ran.post(spawnFailed(2, true)).value.child).toEqual({ AtRest: 'Backoff' });
  const other = runningJob().post(apply({}, 'b'), gone(1), spawnFailed(2, true));
  expect(other.value.child).toEqual({ AtRest: 'GivenUp' });
  // The config changed while it started, so it is the one before that has run.
  const outdated = newJob(TESTED).post(apply(TESTED), passed(1), spawned(1), apply(TESTED, 'b'));
  expect(outdated.wait(60_000).context.hasRunThisSpec).toBe(false);
});
