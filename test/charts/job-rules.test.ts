import type { JobEvent, Policy } from '../../machines/job.ts';
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

const TESTED = { hasTest: true } as const;
const DUE: JobEvent = { type: 'Due' };
const DIE: JobEvent = { type: 'Die' };
const STOP: JobEvent = { type: 'Stop' };
const START: JobEvent = { type: 'Start' };
const RESTART: JobEvent = { type: 'Restart' };
const REMOVE: JobEvent = { type: 'Remove' };
const RESTORED: JobEvent = { type: 'Restored' };

const BY_HAND = { No: 'ByHand' };
const BY_TEST = { No: 'ByTest' };
const BY_DIE = { No: 'ByDie' };
const STOPPING = { Ending: 'Stopping' };
const SPAWNING = { Up: { Starting: 'Spawning' } };
const ZERO = { failures: 0, backoffs: 0, backoffMs: 0, mayRestartAtOnce: true };

describe('what is wanted', () => {
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
    const job = runningJob().post(
      STOP,
      gone(1),
      apply(),
      apply({}, 'b'),
      { type: 'DependenciesUp' },
      DUE,
      DIE,
    );
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
});

describe('the test', () => {
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
    expect(taken(newJob(TESTED).post(apply(TESTED)))).toEqual([
      { AtRest: 'Down' },
      ['cancelTest', 'runTest'],
    ]);
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
});

describe('the child on its way up', () => {
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
});

describe('the child on its way down', () => {
  test('J-31 What a child that ended by itself left behind is ended before anything else happens', () => {
    const job = runningJob().post(exited(1, 3));
    expect(job.value.child).toEqual({ Ending: 'Draining' });
    expect(job.effects()).toEqual(['stopGroup']);
    expect(job.context.lastExit).toEqual({ code: 3, signal: null, at: 'now' });
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

  test('J-33 a child that ends by itself while its test is asked for a restart starts anew whatever its restart policy says', () => {
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

  test('J-34 a child that ends by itself while its test still decides about another program runs as that one', () => {
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

  test('J-35 a child that is stopped for its test comes back when the test passes again meanwhile, whatever its restart policy says', () => {
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

  test('J-46 a job that runs once and was not ready in time has failed', () => {
    const job = newJob({ hasReady: true, restart: 'never' }).post(spawned(1)).wait(POLICY.readyTimeoutMs);
    expect(job.post(gone(1)).value.child).toEqual({ AtRest: { Ended: 'Failed' } });
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

  test('J-42 a job that runs once and has failed stays so until its config changes or somebody starts it', () => {
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
});
