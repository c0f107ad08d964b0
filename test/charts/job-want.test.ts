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
  DUE,
  DIE,
  STOP,
  START,
  RESTART,
  REMOVE,
  RESTORED,
  BY_HAND,
  BY_TEST,
  BY_DIE,
  STOPPING,
  SPAWNING,
  ZERO,
} from '../support/job-events.ts';

test('J-1 A trigger gives the job its config as it is now, without touching its child', () => {
  const job = runningJob().post(apply({ stopTimeoutMs: 77 }));
  expect(job.value).toEqual({ want: 'Yes', test: { Idle: 'Quiet' }, child: { Up: 'Running' } });
  expect(job.context).toMatchObject({ policy: { ...POLICY, stopTimeoutMs: 77 }, spec: 'a', run: 1 });
  expect(job.effects()).toEqual([]);
});

test('J-2 A job without a test should be running', () => {
  const job = newJob();
  expect(job.value).toEqual({ want: 'Yes', test: { Idle: 'Quiet' }, child: SPAWNING });
  expect(job.effects()).toEqual(['spawnChild']);
});

test('J-2 a held job whose test is taken away should be running', () => {
  const job = newJob(TESTED).post(apply(TESTED), failed(1), apply());
  expect(job.value).toEqual({ want: 'Yes', test: { Idle: 'Quiet' }, child: SPAWNING });
});

test('J-3 A test that passes says that the job should be running', () => {
  expect(newJob(TESTED).post(apply(TESTED)).value).toEqual({
    want: 'Unknown',
    test: 'Testing',
    child: { AtRest: 'Down' },
  });
  expect(newJob(TESTED).post(apply(TESTED), passed(1)).value).toEqual({
    want: 'Yes',
    test: { Idle: 'Quiet' },
    child: SPAWNING,
  });
  expect(newJob(TESTED).post(apply(TESTED), failed(1), apply(TESTED), passed(2)).value.want).toBe('Yes');
});

test('J-4 A test that fails says that the job should not be running', () => {
  expect(newJob(TESTED).post(apply(TESTED), failed(1)).value).toEqual({
    want: BY_TEST,
    test: { Idle: 'Quiet' },
    child: { AtRest: 'Down' },
  });
  const job = runningJob(TESTED).post(apply(TESTED), failed(2));
  expect(job.value).toEqual({ want: BY_TEST, test: { Idle: 'Quiet' }, child: STOPPING });
  expect(job.effects()).toEqual(['runTest', 'cancelTest', 'stopGroup']);
});

test('J-5 A test without a verdict starts and stops nothing', () => {
  const down = newJob(TESTED).post(apply(TESTED), unknown(1));
  expect(down.value).toEqual({ want: 'Unknown', test: { Idle: 'Quiet' }, child: { AtRest: 'Down' } });
  const up = runningJob(TESTED).post(apply(TESTED), unknown(2));
  expect(up.value).toEqual({ want: 'Yes', test: { Idle: 'Quiet' }, child: { Up: 'Running' } });
  expect(up.effects()).toEqual(['runTest', 'cancelTest']);
  const restarted = runningJob(TESTED).post(RESTART, unknown(2), apply(TESTED), passed(3));
  expect(restarted.value).toEqual({ want: 'Yes', test: { Idle: 'Quiet' }, child: { Up: 'Running' } });
  expect(restarted.context.run).toBe(1);
  const changed = fallenJob({ ...TESTED, restart: 'never' }).post(DIE, apply(TESTED, 'b'));
  expect(changed.value).toEqual({ want: 'Unknown', test: 'Testing', child: { Waiting: 'ForTest' } });
  expect(changed.post(unknown(2)).value).toEqual({
    want: 'Unknown',
    test: { Idle: 'Quiet' },
    child: { AtRest: 'Down' },
  });
});

test.each([START, RESTART])(
  'J-6 A start or restart by hand of a job that is held or undecided asks its test again',
  (byHand) => {
    for (const verdict of [failed(1), unknown(1)]) {
      const job = newJob(TESTED).post(apply(TESTED), verdict);
      job.effects();
      expect(job.post(byHand).value).toEqual({
        want: 'Yes',
        test: 'Testing',
        child: { Waiting: 'ForTest' },
      });
      expect(job.effects()).toEqual(['runTest']);
      expect(job.post(failed(2)).value).toEqual({
        want: BY_TEST,
        test: { Idle: 'Quiet' },
        child: { AtRest: 'Down' },
      });
    }
  },
);

test('J-7 A stop by hand says that the job should not be running, whatever its test says', () => {
  const job = runningJob(TESTED).post(apply(TESTED), STOP, passed(2));
  expect(job.value).toEqual({ want: BY_HAND, test: { Idle: 'Quiet' }, child: STOPPING });
  expect(newJob(TESTED).post(STOP).value.want).toEqual(BY_HAND);
  expect(newJob(TESTED).post(apply(TESTED), failed(1), STOP).value.want).toEqual(BY_HAND);
  expect(runningJob().post(DIE, STOP).value.want).toEqual(BY_HAND);
});

test('J-8 Only a start or restart by hand ends a stop by hand', () => {
  const job = runningJob().post(STOP, gone(1), apply(), apply({}, 'b'), { type: 'DependenciesUp' }, DUE, DIE);
  expect(job.restore().post(RESTORED, apply()).value).toEqual({
    want: BY_HAND,
    test: { Idle: 'Quiet' },
    child: { AtRest: 'Down' },
  });
  expect(job.post(START).value).toEqual({ want: 'Yes', test: { Idle: 'Quiet' }, child: SPAWNING });
  expect(runningJob().post(STOP, gone(1), RESTART).value).toEqual({
    want: 'Yes',
    test: { Idle: 'Quiet' },
    child: SPAWNING,
  });
});

test('J-9 A job that the config no longer names should not be running', () => {
  const job = runningJob().post(REMOVE);
  expect(job.value).toEqual({ want: 'Removed', test: { Idle: 'Quiet' }, child: STOPPING });
  expect(job.effects()).toEqual(['stopGroup']);
  for (const before of [STOP, DIE]) expect(runningJob().post(before, REMOVE).value.want).toBe('Removed');
});

test('J-10 A daemon that dies on request takes every job down, but remembers a stop by hand as what it was', () => {
  const job = runningJob().post(DIE);
  expect(job.value).toEqual({ want: BY_DIE, test: { Idle: 'Quiet' }, child: STOPPING });
  expect(job.effects()).toEqual(['stopGroup']);
  expect(newJob(TESTED).post(DIE).value.want).toEqual(BY_DIE);
  expect(newJob(TESTED).post(apply(TESTED), failed(1), DIE).value.want).toEqual(BY_DIE);
  expect(runningJob().post(STOP, DIE).value.want).toEqual(BY_HAND);
});

test('J-10 nothing starts any more while the daemon dies', () => {
  const periodic = { ...TESTED, testIntervalMs: 500 };
  const job = newJob(periodic).post(apply(periodic), DIE, passed(1), START, RESTART).wait(10_000);
  expect(job.value).toEqual({ want: BY_DIE, test: { Idle: 'Quiet' }, child: { AtRest: 'Down' } });
  expect(job.effects()).toEqual(['runTest', 'cancelTest']);
  for (const untested of [runningJob().post(DIE, gone(1)), fallenJob({ restart: 'never' }).post(DIE)]) {
    untested.effects();
    expect(untested.post(START, RESTART).effects()).toEqual([]);
  }
});

test('J-11 What went down with the daemon comes back with the next one, as soon as its test allows it, with its counters at zero', () => {
  expect(runningJob().post(DIE, gone(1)).restore().post(RESTORED).value.child).toEqual(SPAWNING);
  const job = runningJob(TESTED).post(DIE, gone(1)).restore().post(RESTORED);
  expect(job.value).toEqual({ want: 'Unknown', test: 'Testing', child: { AtRest: 'Down' } });
  expect(job.post(passed(2)).value.child).toEqual(SPAWNING);
  const applied = runningJob(TESTED).post(DIE, gone(1), apply({ ...TESTED, stopTimeoutMs: 77 }, 'b'));
  expect(applied.value).toEqual({ want: 'Unknown', test: 'Testing', child: { AtRest: 'Down' } });
  expect(applied.context).toMatchObject({ policy: { stopTimeoutMs: 77 }, spec: 'b' });
  for (const back of [RESTORED, apply({ maxRestarts: 2 })]) {
    const failing = newJob({ maxRestarts: 2 }).post(spawned(1), exited(1, 1), gone(1));
    expect(failing.context.failures).toBe(1);
    expect(failing.post(DIE, back).context).toMatchObject(ZERO);
  }
});

test('J-12 A job that is named again while it is being removed is a job again', () => {
  const job = runningJob(TESTED).post(REMOVE, apply({ ...TESTED, stopTimeoutMs: 77 }, 'b'));
  expect(job.value).toEqual({ want: 'Unknown', test: 'Testing', child: STOPPING });
  expect(job.context).toMatchObject({ policy: { stopTimeoutMs: 77 }, spec: 'b' });
  expect(job.post(passed(2), gone(1), passed(3)).value).toEqual({
    want: 'Yes',
    test: { Idle: 'Quiet' },
    child: SPAWNING,
  });
});
