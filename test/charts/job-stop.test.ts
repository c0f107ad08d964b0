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
  DIE,
  STOP,
  START,
  RESTART,
  REMOVE,
  RESTORED,
  BY_HAND,
  BY_TEST,
  STOPPING,
  SPAWNING,
  ZERO,
} from '../support/job-events.ts';

test('J-31 What a child that ended by itself left behind is ended before anything else happens', () => {
  const job = runningJob().post(exited(1, 3));
  expect(job.value.child).toEqual({ Ending: 'Draining' });
  expect(job.effects()).toEqual(['stopGroup']);
  expect(job.context).toMatchObject({ ending: 'itself', lastExit: { code: 3, signal: null, at: 'now' } });
  expect(job.wait(POLICY.stopTimeoutMs).effects()).toEqual(['killGroup']);
  expect(job.post(gone(1)).value.child).toEqual({ AtRest: 'Backoff' });
  expect(newJob().post(spawned(1), exited(1, 3)).context.failures).toBe(1);
});

test('J-32 A child that is not ready in time is a failed start and is stopped', () => {
  const job = newJob({ hasReady: true }).post(spawned(1)).wait(POLICY.readyTimeoutMs);
  expect(job.value.child).toEqual(STOPPING);
  expect(job.context).toMatchObject({ failures: 1, startError: 'was not ready within 5 s' });
  expect(job.effects()).toEqual(['spawnChild', 'releaseChild', 'probeChild', 'stopGroup']);
  expect(job.post(gone(1)).value.child).toEqual({ AtRest: 'Backoff' });
});

test('J-33 A restart by hand asks the test, then stops the child and starts a new one', () => {
  const job = runningJob().post(RESTART);
  expect(job.value).toEqual({ want: 'Yes', test: { Idle: 'Quiet' }, child: STOPPING });
  expect(job.post(gone(1)).value.child).toEqual(SPAWNING);
  expect(job.effects()).toEqual(['stopGroup', 'spawnChild']);
  expect(job.context).toMatchObject({ run: 2, restarts: 0 });
  expect(newJob().post(RESTART).value.child).toEqual(STOPPING);
  expect(newJob().post(RESTART, gone(1)).context.run).toBe(2);
  const tested = runningJob(TESTED).post(RESTART);
  expect(tested.value).toEqual({ want: 'Yes', test: 'Testing', child: { Up: 'Running' } });
  expect(tested.post(passed(2), gone(1), passed(3)).context).toMatchObject({ run: 2, restarts: 0 });
  const held = runningJob(TESTED).post(RESTART, failed(2));
  expect(held.value).toEqual({ want: BY_TEST, test: { Idle: 'Quiet' }, child: STOPPING });
  const untested = runningJob(TESTED).post(RESTART, apply());
  expect(untested.value).toEqual({ want: 'Yes', test: { Idle: 'Quiet' }, child: STOPPING });
});

test('J-33 a child that ends by itself while a restart asks its test starts anew whatever its policy', () => {
  const never = { ...TESTED, restart: 'never' } as const;
  expect(runningJob(never).post(RESTART, exited(1, 0), gone(1), passed(2)).value.child).toEqual(SPAWNING);
});

test.each([START, RESTART])(
  'J-33 a start by hand during a stop starts as soon as the group is gone',
  (byHand) => {
    const job = runningJob({ restart: 'never' }).post(STOP, byHand);
    expect(job.value.child).toEqual(STOPPING);
    expect(job.post(gone(1)).value.child).toEqual(SPAWNING);
    expect(runningJob({ restart: 'never' }).post(exited(1, 0), byHand, gone(1)).value.child).toEqual(
      SPAWNING,
    );
  },
);

test('J-34 A child whose program or environment has changed is replaced as soon as its test allows a start', () => {
  expect(runningJob().post(apply({}, 'b')).value.child).toEqual(STOPPING);
  expect(newJob().post(apply({}, 'b')).value.child).toEqual(STOPPING);
  const tested = runningJob(TESTED).post(apply(TESTED, 'b'));
  expect(tested.value.child).toEqual({ Up: 'Running' });
  expect(tested.post(unknown(2)).value.child).toEqual({ Up: 'Running' });
  expect(tested.post(apply(TESTED, 'b'), passed(3)).value.child).toEqual(STOPPING);
  expect(tested.post(gone(1), passed(4)).context).toMatchObject({ run: 2, runSpec: 'b' });
});

test.each([newJob, runningJob])(
  'J-34 a child that is replaced starts anew whatever its restart policy says',
  (job) => {
    const never = { restart: 'never' } as const;
    expect(job(never).post(apply(never, 'b'), gone(1)).value.child).toEqual(SPAWNING);
    expect(job(never).post(spawned(1), exited(1, 0), apply(never, 'b'), gone(1)).value.child).toEqual(
      SPAWNING,
    );
    const testedNever = { ...TESTED, restart: 'never' } as const;
    const ended = runningJob(testedNever).post(
      apply(testedNever, 'b'),
      exited(1, 0),
      passed(2),
      gone(1),
      passed(3),
    );
    expect(ended.context).toMatchObject({ run: 2, runSpec: 'b' });
    expect(job(never).post(spawned(1), exited(1, 0), apply(never), gone(1)).value.child).toEqual({
      AtRest: { Ended: 'Finished' },
    });
    const tested = { ...never, ...TESTED };
    const starting = newJob(tested).post(apply(tested), passed(1));
    expect(starting.post(apply(tested), passed(2)).value.child).toEqual(SPAWNING);
    expect(starting.post(apply(tested, 'b'), passed(3)).value.child).toEqual(STOPPING);
    expect(starting.post(gone(1)).value).toEqual({
      want: 'Yes',
      test: 'Testing',
      child: { Waiting: 'ForTest' },
    });
  },
);

test('J-34 a child that ends while its test decides about another program runs as that program', () => {
  const tested = { ...TESTED, restart: 'never' } as const;
  const job = runningJob(tested).post(apply(tested, 'b'), exited(1, 0), gone(1));
  expect(job.value).toEqual({ want: 'Yes', test: 'Testing', child: { Waiting: 'ForTest' } });
  expect(job.post(passed(2)).context).toMatchObject({ run: 2, runSpec: 'b' });
});

test.each([STOP, REMOVE, DIE])('J-35 A child that is not wanted any more is stopped', (request) => {
  for (const job of [newJob(), newJob().post(spawned(1)), runningJob()]) {
    job.effects();
    expect(job.post(request).value.child).toEqual(STOPPING);
    expect(job.effects()).toEqual(['stopGroup']);
  }
});

test.each([REMOVE, DIE])(
  'J-35 a child that is ending by itself does not come back when it is not wanted meanwhile',
  (request) => {
    const job = runningJob(TESTED).post(exited(1, 1), request, apply(TESTED), unknown(2), gone(1));
    expect(job.value).toEqual({ want: 'Unknown', test: { Idle: 'Quiet' }, child: { AtRest: 'Down' } });
  },
);

test('J-35 a child that is stopped for its test comes back when the test passes meanwhile', () => {
  const never = { restart: 'never', ...TESTED } as const;
  for (const job of [
    newJob(never).post(apply(never), passed(1), apply(never)),
    runningJob(never).post(apply(never)),
  ]) {
    expect(job.post(failed(2), apply(never)).value.child).toEqual(STOPPING);
    expect(job.post(passed(3), gone(1)).value).toEqual({
      want: 'Yes',
      test: 'Testing',
      child: { Waiting: 'ForTest' },
    });
  }
});

test('T-2 J-36 A job that is meant to stay up and has run long enough gets its counters back to zero', () => {
  const job = fallenJob().wait(0).post(spawned(2)).wait(POLICY.startMs);
  expect(job.context).toMatchObject({ mayRestartAtOnce: false });
  expect(job.wait(29_999).context.mayRestartAtOnce).toBe(false);
  expect(job.wait(1).context).toMatchObject(ZERO);
  expect(job.value.child).toEqual({ Up: 'Running' });
});

test('J-37 A child that was asked to end is over only when its whole group is gone', () => {
  const job = runningJob().post(STOP, exited(1, 0), gone(0));
  expect(job.value.child).toEqual(STOPPING);
  expect(job.post(gone(1)).value).toEqual({
    want: BY_HAND,
    test: { Idle: 'Quiet' },
    child: { AtRest: 'Down' },
  });
  expect(job.context).toMatchObject({ child: null, lastExit: { code: 0 } });
});

test('J-37 a fact of an older run changes nothing', () => {
  const second = (): ReturnType<typeof newJob> => newJob({ hasReady: true }).post(RESTART, gone(1));
  const jobs = [
    second(),
    second().post(spawned(2)),
    second().post(spawned(2)).wait(POLICY.startMs),
    second().post(spawned(2), ready(2)).wait(POLICY.startMs),
    second().post(spawned(2), STOP),
    second().post(spawned(2), exited(2, 0)),
  ];
  for (const job of jobs) {
    const { value, context } = job.snapshot;
    job.effects();
    job.post(spawned(1), spawnFailed(1, true), spawnFailed(1, false), ready(1), exited(1, 9), gone(1));
    expect([job.value, job.context, job.effects()]).toEqual([value, context, []]);
  }
});

test('J-38 A group that outlives the stop time-out is killed, again and again until it is gone', () => {
  const job = runningJob().post(STOP).wait(POLICY.stopTimeoutMs);
  expect(job.effects()).toEqual(['stopGroup', 'killGroup']);
  expect(job.wait(3_000).effects()).toEqual(['killGroup', 'killGroup', 'killGroup']);
  expect(job.post(gone(1)).wait(3_000).effects()).toEqual([]);
});

test('J-39 A job that went down comes back, as its restart policy says, after its backoff', () => {
  const job = fallenJob();
  expect(job.value.child).toEqual({ AtRest: 'Backoff' });
  expect(job.context.restarts).toBe(0);
  expect(job.wait(0).value.child).toEqual(SPAWNING);
  expect(job.context.restarts).toBe(1);
  expect(fallenJob().post(apply()).context).toMatchObject({ run: 2, restarts: 0 });
  const childOf = (restart: 'always' | 'on-failure' | 'never', code: number): unknown =>
    fallenJob({ restart }, code).value.child;
  expect([
    childOf('always', 0),
    childOf('on-failure', 0),
    childOf('on-failure', 1),
    childOf('never', 1),
  ]).toEqual([
    { AtRest: 'Backoff' },
    { AtRest: { Ended: 'Finished' } },
    { AtRest: 'Backoff' },
    { AtRest: { Ended: 'Failed' } },
  ]);
});

test('T-3 J-39 the backoff grows from the least to the most, with at most a tenth of jitter', () => {
  const job = newJob();
  const delays: number[] = [];
  for (let run = 1; run <= 5; run += 1) {
    job.post(spawned(run), exited(run, 1), gone(run));
    delays.push(job.context.backoffMs);
    job.wait(job.context.backoffMs);
  }
  for (const [index, full] of [100, 200, 400, 800, 800].entries()) {
    expect(delays[index]).toBeGreaterThanOrEqual(full * 0.9);
    expect(delays[index]).toBeLessThanOrEqual(full);
  }
});

test('J-40 A job that failed too often in a row is given up', () => {
  const job = newJob({ maxRestarts: 2 }).post(spawned(1), exited(1, 1), gone(1));
  expect(job.value.child).toEqual({ AtRest: 'Backoff' });
  expect(job.wait(POLICY.backoffMinMs).post(spawned(2), exited(2, 1), gone(2)).value.child).toEqual({
    AtRest: 'GivenUp',
  });
  expect(job.wait(600_000).value.child).toEqual({ AtRest: 'GivenUp' });
  const between = newJob({ maxRestarts: 2 })
    .post(spawned(1), exited(1, 1), gone(1))
    .wait(POLICY.backoffMinMs)
    .post(spawned(2))
    .wait(POLICY.startMs);
  expect(between.post(exited(2, 1), gone(2)).value.child).toEqual({ AtRest: 'Backoff' });
});

test('J-40 a job that is meant to end counts every exit without success, however long it ran', () => {
  const job = newJob({ restart: 'on-failure', maxRestarts: 2 })
    .post(spawned(1))
    .wait(3_600_000)
    .post(exited(1, 1), gone(1));
  expect([job.value.child, job.context.failures]).toEqual([{ AtRest: 'Backoff' }, 1]);
  job.wait(0).post(spawned(2)).wait(3_600_000).post(exited(2, 7), gone(2));
  expect([job.value.child, job.context.failures]).toEqual([{ AtRest: 'GivenUp' }, 2]);
  expect(job.context.lastExit).toEqual({ code: 7, signal: null, at: 'now' });
});

test('J-40 a scheduled job that failed too often waits for its next time with its count at zero', () => {
  const job = newJob({ hasSchedule: true, restart: 'on-failure', maxRestarts: 2 }).post(DUE);
  for (const run of [1, 2]) job.post(spawned(run), exited(run, 1), gone(run)).wait(POLICY.backoffMaxMs);
  expect([job.value.child, job.context.failures]).toEqual([{ Waiting: 'ForTime' }, 0]);
});

test('J-40 a success ends the row of failures', () => {
  const policy = { restart: 'on-failure', maxRestarts: 2, successCodes: [0, 3] } as const;
  const job = newJob(policy).post(spawned(1), exited(1, 1), gone(1)).wait(POLICY.backoffMaxMs);
  job.post(spawned(2), exited(2, 3), gone(2));
  expect([job.value.child, job.context.failures]).toEqual([{ AtRest: { Ended: 'Finished' } }, 0]);
});

test('J-41 A job that has ended stays so until its config asks for another run or somebody starts or stops it', () => {
  const finished = (): ReturnType<typeof newJob> => fallenJob({ restart: 'never' }, 0);
  const same = finished()
    .post(apply({ restart: 'never' }), apply({ restart: 'on-failure' }))
    .wait(600_000);
  expect(same.value.child).toEqual({ AtRest: { Ended: 'Finished' } });
  expect(same.effects()).toEqual([]);
  expect(finished().post(apply({ restart: 'never' }, 'b')).value.child).toEqual(SPAWNING);
  expect(finished().post(apply({ restart: 'always' })).value.child).toEqual(SPAWNING);
  expect(finished().post(apply({ restart: 'never', hasSchedule: true })).value.child).toEqual({
    Waiting: 'ForTime',
  });
  const retried = newJob({ restart: 'on-failure' })
    .post(spawned(1), exited(1, 1), gone(1))
    .wait(POLICY.backoffMinMs)
    .post(spawned(2), exited(2, 0), gone(2));
  expect(retried.context.failures).toBe(0);
  expect(retried.post(apply({}, 'b')).context).toMatchObject(ZERO);
  expect(finished().post(START).value.child).toEqual(SPAWNING);
  expect(finished().post(STOP).value).toEqual({
    want: BY_HAND,
    test: { Idle: 'Quiet' },
    child: { AtRest: 'Down' },
  });
});

test('J-41 a job that has finished stays so when its exit would no longer be a success', () => {
  const finished = fallenJob({ restart: 'on-failure', successCodes: [0, 3] }, 3);
  expect(finished.value.child).toEqual({ AtRest: { Ended: 'Finished' } });
  finished.post(apply({ restart: 'on-failure' }));
  expect([finished.value.child, finished.effects()]).toEqual([{ AtRest: { Ended: 'Finished' } }, []]);
});

test('J-42 A trigger gives a job in backoff or failed a fresh start at once', () => {
  const once = { maxRestarts: 1 };
  for (const job of [
    newJob().post(spawned(1), exited(1, 1), gone(1)),
    newJob(once).post(spawned(1), exited(1, 1), gone(1)),
  ]) {
    expect(job.post(apply(once)).value.child).toEqual(SPAWNING);
    expect(job.context).toMatchObject(ZERO);
  }
});

test('J-42 a job that runs once and has failed stays so until its config changes or a start', () => {
  const once = { restart: 'never' } as const;
  const failedOnce = (): ReturnType<typeof newJob> => newJob(once).post(spawned(1), exited(1, 2), gone(1));
  expect(failedOnce().post(apply(once)).value.child).toEqual({ AtRest: { Ended: 'Failed' } });
  expect(failedOnce().post(apply(once, 'b')).value.child).toEqual(SPAWNING);
  expect(failedOnce().post(DIE, apply(once)).value.child).toEqual({ AtRest: { Ended: 'Failed' } });
  expect(failedOnce().post(START).value.child).toEqual(SPAWNING);
  expect(failedOnce().post(apply({ restart: 'on-failure' })).value.child).toEqual(SPAWNING);
  const neverRan = newJob(once).post(spawnFailed(1, true));
  expect(neverRan.post(apply(once)).value.child).toEqual(SPAWNING);
});

test('J-43 A removed job is forgotten when nothing of it is left', () => {
  const job = runningJob().post(REMOVE);
  expect(job.effects()).toEqual(['stopGroup']);
  expect(job.post(gone(1)).value.child).toBe('Gone');
  expect(job.effects()).toEqual(['forgetJob']);
  expect(job.restore().post(RESTORED).effects()).toEqual(['forgetJob']);
  for (const atRest of [newJob(TESTED), fallenJob({ restart: 'never' }), fallenJob()])
    expect(atRest.post(REMOVE).effects().at(-1)).toBe('forgetJob');
});
