import { POLICY } from '../support/job-model.ts';
import { apply, exited, failed, gone, newJob, passed, spawned, unknown } from '../support/job-script.ts';
import {
  TESTED,
  DUE,
  DIE,
  STOP,
  RESTORED,
  BY_HAND,
  BY_TEST,
  STOPPING,
  SPAWNING,
} from '../support/job-events.ts';

test('J-46 a job that runs once and was not ready in time has failed', () => {
  const job = newJob({ hasReady: true, restart: 'never' }).post(spawned(1)).wait(POLICY.readyTimeoutMs);
  expect(job.post(gone(1)).value.child).toEqual({ AtRest: { Ended: 'Failed' } });
});

test('J-46 a job that runs once and was not ready in time has failed, also if it then exits well', () => {
  const job = newJob({ hasReady: true, restart: 'never' }).post(spawned(1)).wait(POLICY.readyTimeoutMs);
  expect(job.post(exited(1, 0), gone(1)).value.child).toEqual({ AtRest: { Ended: 'Failed' } });
});

test('J-45 A scheduled job that runs at start does so when it becomes known and when the daemon starts', () => {
  const policy = { hasSchedule: true, runAtStart: true };
  const job = newJob(policy);
  expect(job.value.child).toEqual(SPAWNING);
  job.post(spawned(1), exited(1, 0), gone(1));
  expect(job.value.child).toEqual({ Waiting: 'ForTime' });
  expect(job.post(apply(policy)).value.child).toEqual({ Waiting: 'ForTime' });
  expect(job.restore().post(RESTORED).value.child).toEqual(SPAWNING);
  const taken = newJob(policy).post(spawned(1), DIE, gone(1));
  expect(taken.post(apply(policy)).value.child).toEqual(SPAWNING);
});

test('J-45 a job that is adopted in its run does not owe another one', () => {
  const policy = { hasSchedule: true, runAtStart: true };
  const job = newJob(policy).post(spawned(1)).restore().post(RESTORED, exited(1, 0), gone(1));
  expect(job.value.child).toEqual({ Waiting: 'ForTime' });
});

test('J-46 A job that ended without success and is not restarted has failed, and its exit is the reason', () => {
  const job = newJob({ restart: 'never' }).post(spawned(1), exited(1, 3), gone(1));
  expect(job.value.child).toEqual({ AtRest: { Ended: 'Failed' } });
  expect(job.context.lastExit).toEqual({ code: 3, signal: null, at: 'now' });
  const allowed = newJob({ restart: 'never', successCodes: [0, 3] });
  expect(allowed.post(spawned(1), exited(1, 3), gone(1)).value.child).toEqual({
    AtRest: { Ended: 'Finished' },
  });
});

test('J-44 A scheduled job that its test holds asks the test again each time its time has come', () => {
  const scheduled = { ...TESTED, hasSchedule: true };
  const job = newJob(scheduled).post(apply(scheduled), failed(1));
  expect(job.value).toEqual({ want: BY_TEST, test: { Idle: 'Quiet' }, child: { Waiting: 'ForTime' } });
  expect(job.effects()).toEqual(['runTest', 'cancelTest', 'awaitDue']);
  expect(job.post(DUE).effects()).toEqual(['cancelDue', 'runTest']);
  expect(job.post(failed(2)).value).toEqual({
    want: BY_TEST,
    test: { Idle: 'Quiet' },
    child: { Waiting: 'ForTime' },
  });
  expect(job.post(DUE, unknown(3)).value).toEqual({
    want: BY_TEST,
    test: { Idle: 'Quiet' },
    child: { Waiting: 'ForTime' },
  });
  expect(job.post(DUE, passed(4)).value).toEqual({ want: 'Yes', test: { Idle: 'Quiet' }, child: SPAWNING });
  expect(job.post(spawned(1), apply(scheduled), failed(5)).value.child).toEqual(STOPPING);
  expect(job.post(gone(1)).value).toEqual({
    want: BY_TEST,
    test: { Idle: 'Quiet' },
    child: { Waiting: 'ForTime' },
  });
  expect(job.post(STOP).value).toEqual({
    want: BY_HAND,
    test: { Idle: 'Quiet' },
    child: { AtRest: 'Down' },
  });
});
