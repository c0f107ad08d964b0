import { POLICY } from '../support/job-model.ts';
import {
  apply,
  exited,
  failed,
  fallenJob,
  gone,
  newJob,
  passed,
  runningJob,
  spawned,
  unknown,
} from '../support/job-script.ts';
import {
  TESTED,
  DIE,
  STOP,
  START,
  RESTART,
  REMOVE,
  RESTORED,
  BY_TEST,
  STOPPING,
  SPAWNING,
} from '../support/job-events.ts';

test('J-13 Every trigger runs the test of every job that is neither stopped by hand nor disabled', () => {
  for (const job of [
    newJob(TESTED),
    newJob(TESTED).post(apply(TESTED), failed(1)),
    runningJob(TESTED),
    fallenJob({ ...TESTED, restart: 'never' }),
  ]) {
    job.effects();
    expect(job.post(apply(TESTED)).effects()).toEqual(['runTest']);
    expect(job.post(apply(TESTED)).effects()).toEqual(['cancelTest', 'runTest']);
  }
  const held = runningJob(TESTED).post(STOP, gone(1));
  held.effects();
  expect(held.post(apply(TESTED)).effects()).toEqual([]);
});

test('J-13 a test that the config takes away is ended', () => {
  expect(runningJob(TESTED).post(apply(TESTED), apply()).effects()).toEqual(['runTest', 'cancelTest']);
});

test('J-14 The test runs before every start and restart', () => {
  const job = fallenJob(TESTED).wait(0);
  expect(job.value).toEqual({ want: 'Yes', test: 'Testing', child: { Waiting: 'ForTest' } });
  expect(job.post(passed(2)).effects()).toEqual(['runTest', 'cancelTest', 'spawnChild']);
  const again = runningJob(TESTED).post(RESTART, passed(2), gone(1), passed(3));
  expect(again.effects()).toEqual([
    'runTest',
    'cancelTest',
    'stopGroup',
    'runTest',
    'cancelTest',
    'spawnChild',
  ]);
  expect(fallenJob({ ...TESTED, testIntervalMs: 60_000 }).wait(0).value.test).toBe('Testing');
});

test('J-15 A job with a test interval runs its test by itself each time the interval has passed', () => {
  const job = runningJob({ ...TESTED, testIntervalMs: 60_000 }).wait(60_000);
  expect(job.effects()).toEqual(['runTest']);
  job.post(passed(2)).wait(59_999);
  expect(job.effects()).toEqual(['cancelTest']);
  expect(job.wait(1).effects()).toEqual(['runTest']);
  job.post(STOP).wait(600_000);
  expect(job.value.test).toEqual({ Idle: 'Quiet' });
});

test('J-15 the interval begins and ends with the config that asks for it', () => {
  const job = runningJob(TESTED).post(apply({ ...TESTED, testIntervalMs: 60_000 }), passed(2));
  expect(job.value.test).toEqual({ Idle: 'Periodic' });
  expect(job.post(apply(TESTED), passed(3)).value.test).toEqual({ Idle: 'Quiet' });
  for (const ending of [STOP, REMOVE, DIE, apply()]) {
    const resting = runningJob({ ...TESTED, testIntervalMs: 60_000 }).post(ending);
    expect(resting.value.test).toEqual({ Idle: 'Quiet' });
    expect(resting.effects()).not.toContain('runTest');
  }
});

test('J-16 A daemon that comes back takes up what was under way', () => {
  const taken = (job: ReturnType<typeof newJob>): readonly unknown[] => {
    job.effects();
    job.restore().post(RESTORED);
    return [job.value.child, job.effects()];
  };
  expect(taken(runningJob())).toEqual([{ Up: 'Running' }, []]);
  expect(taken(newJob())).toEqual([SPAWNING, ['spawnChild']]);
  expect(taken(newJob().post(spawned(1)))).toEqual([{ Up: { Starting: 'Settling' } }, []]);
  expect(taken(newJob({ hasReady: true }).post(spawned(1)).wait(POLICY.startMs))).toEqual([
    { Up: { Starting: 'Probing' } },
    ['probeChild'],
  ]);
  expect(taken(runningJob().post(STOP))).toEqual([STOPPING, ['stopGroup']]);
  expect(taken(runningJob().post(exited(1, 1)))).toEqual([{ Ending: 'Draining' }, ['stopGroup']]);
  expect(taken(runningJob().post(STOP).wait(POLICY.stopTimeoutMs))).toEqual([
    { Ending: 'Killing' },
    ['killGroup'],
  ]);
  expect(taken(newJob({ hasSchedule: true }))).toEqual([{ Waiting: 'ForTime' }, ['cancelDue', 'awaitDue']]);
  expect(taken(newJob(TESTED))).toEqual([{ AtRest: 'Down' }, ['runTest']]);
  expect(taken(newJob({ ...TESTED, testIntervalMs: 60_000 }))).toEqual([{ AtRest: 'Down' }, ['runTest']]);
  expect(taken(runningJob({ ...TESTED, testIntervalMs: 60_000 }))).toEqual([{ Up: 'Running' }, []]);
  expect(taken(newJob(TESTED).post(apply(TESTED)))).toEqual([{ AtRest: 'Down' }, ['cancelTest', 'runTest']]);
});

test('J-16 timers run on with another daemon', () => {
  expect(newJob().post(spawned(1)).restore().post(RESTORED).wait(POLICY.startMs).value.child).toEqual({
    Up: 'Running',
  });
  expect(fallenJob().restore().post(RESTORED).wait(0).value.child).toEqual(SPAWNING);
});

test('J-17 A test that outlives its time is ended with its whole group', () => {
  const job = newJob(TESTED).post(apply(TESTED)).wait(POLICY.testTimeoutMs);
  expect(job.effects()).toEqual(['runTest', 'endTest']);
  expect(job.value.test).toBe('Testing');
  expect(job.post(unknown(1)).value).toEqual({
    want: 'Unknown',
    test: { Idle: 'Quiet' },
    child: { AtRest: 'Down' },
  });
});

test('J-18 The verdict of the newest test is remembered, an older one changes nothing', () => {
  const job = newJob(TESTED).post(apply(TESTED), apply(TESTED), passed(1));
  expect([job.value.test, job.context.verdict]).toEqual(['Testing', null]);
  job.post(failed(2));
  expect(job.context.verdict).toEqual({
    verdict: 'fail',
    exitCode: 1,
    at: 'now',
    detail: 'exited with 1',
    output: '',
  });
  expect(job.post(passed(2)).value).toEqual({
    want: BY_TEST,
    test: { Idle: 'Quiet' },
    child: { AtRest: 'Down' },
  });
  expect(job.post(apply(TESTED), unknown(3)).context.verdict).toMatchObject({
    verdict: 'unknown',
    detail: 'timed out',
  });
  expect(job.post(apply(TESTED), passed(4)).context.verdict).toMatchObject({
    verdict: 'pass',
    exitCode: 0,
  });
});

test('J-18 a result of an older or a cancelled test is nobody’s', () => {
  const undecided = newJob(TESTED).post(apply(TESTED), apply(TESTED));
  const held = newJob(TESTED).post(apply(TESTED), failed(1), apply(TESTED));
  const running = runningJob(TESTED).post(apply(TESTED));
  const cancelled = runningJob(TESTED).post(apply(TESTED), apply());
  const stopped = newJob(TESTED).post(apply(TESTED), STOP);
  const waiting = newJob(TESTED).post(START, apply(TESTED));
  for (const job of [undecided, held, running, cancelled, stopped, waiting]) {
    const { value, context } = job.snapshot;
    const { test } = context;
    const strays = [passed(test - 1), failed(test - 1), unknown(test - 1)];
    job.effects();
    job.post(...strays, ...(value.test === 'Testing' ? [] : [passed(test), failed(test), unknown(test)]));
    expect([job.value, job.context, job.effects()]).toEqual([value, context, []]);
  }
});

test.each([STOP, REMOVE, DIE])(
  'J-19 A job that is stopped by hand, removed or taken down needs no verdict any more',
  (request) => {
    const job = runningJob(TESTED).post(apply(TESTED), request);
    expect(job.value.test).toEqual({ Idle: 'Quiet' });
    expect(job.effects()).toEqual(['runTest', 'cancelTest', 'stopGroup']);
  },
);
