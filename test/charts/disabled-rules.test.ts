import type { JobEvent } from '../../machines/job.ts';
import {
  apply,
  exited,
  failed,
  gone,
  newJob,
  passed,
  runningJob,
  spawned,
  unknown,
} from '../support/job-script.ts';

const DISABLED = { isEnabled: false } as const;
const TESTED = { ...DISABLED, hasTest: true } as const;
const BY_CONFIG = { No: 'ByConfig' };
const START: JobEvent = { type: 'Start' };
const RESTART: JobEvent = { type: 'Restart' };
const STOP: JobEvent = { type: 'Stop' };
const DIE: JobEvent = { type: 'Die' };
const RESTORED: JobEvent = { type: 'Restored' };

describe('a disabled job', () => {
  test('J-47 A job that its config disables should not be running', () => {
    const job = newJob(TESTED);
    expect(job.value).toMatchObject({ want: BY_CONFIG, test: { Idle: 'Quiet' }, child: { AtRest: 'Down' } });
    job.post(apply(TESTED), RESTORED, RESTART, { type: 'Due' });
    expect([job.value.want, job.effects()]).toEqual([BY_CONFIG, []]);
  });

  test('disabling stops a job that runs, and ends a test that is under way', () => {
    const job = runningJob().post(apply(DISABLED));
    expect([job.value.want, job.value.child]).toEqual([BY_CONFIG, { Ending: 'Stopping' }]);
    const testing = newJob({ hasTest: true }).post(apply({ hasTest: true }));
    testing.effects();
    testing.post(apply(TESTED));
    expect([testing.value.want, testing.value.test, testing.effects()]).toEqual([
      BY_CONFIG,
      { Idle: 'Quiet' },
      ['cancelTest'],
    ]);
  });

  test('a job that its test holds, or that waits to come back, can be disabled too', () => {
    const held = newJob({ hasTest: true }).post(apply({ hasTest: true }), failed(1), apply(TESTED));
    expect(held.value.want).toEqual(BY_CONFIG);
    const fallen = runningJob().post(exited(1, 1), gone(1), spawned(2), exited(2, 1), gone(2));
    expect(fallen.value.child).toEqual({ AtRest: 'Backoff' });
    expect(fallen.post(apply(DISABLED)).value.child).toEqual({ AtRest: 'Down' });
  });

  test('a job that is enabled again asks its test, or starts where it has none', () => {
    const tested = newJob(TESTED).post(apply({ hasTest: true }));
    expect([tested.value.want, tested.value.test]).toEqual(['Unknown', 'Testing']);
    expect(newJob(DISABLED).post(apply()).value.child).toEqual({ Up: { Starting: 'Spawning' } });
  });

  test('a stop by hand outlives the disabling of its job', () => {
    const job = newJob(DISABLED).post(STOP, apply());
    expect(job.value).toMatchObject({ want: { No: 'ByHand' }, child: { AtRest: 'Down' } });
    expect(newJob().post(STOP, apply(DISABLED), apply()).value.want).toEqual({ No: 'ByHand' });
  });
});

describe('a disabled job that was started by hand', () => {
  test('J-48 Only a start by hand starts a job that its config disables', () => {
    const job = newJob(TESTED).post(START);
    expect([job.value.want, job.value.test]).toEqual(['Yes', 'Testing']);
    expect(job.post(passed(1)).value.child).toEqual({ Up: { Starting: 'Spawning' } });
    expect(newJob(TESTED).post(START, failed(1)).value).toMatchObject({
      want: BY_CONFIG,
      child: { AtRest: 'Down' },
    });
  });

  test('a restart by hand ends a stop by hand, and the job stays disabled', () => {
    const job = newJob(DISABLED).post(STOP, RESTART);
    expect(job.value).toMatchObject({ want: BY_CONFIG, child: { AtRest: 'Down' } });
  });

  test('triggers, a crash of the job and one of the daemon leave a job started by hand up', () => {
    const job = newJob(DISABLED).post(START, spawned(1)).wait(2_000).post(apply(DISABLED), RESTORED);
    expect(job.value).toMatchObject({ want: 'Yes', child: { Up: 'Running' } });
    job.post(exited(1, 1), gone(1)).wait(0);
    expect(job.value.child).toEqual({ Up: { Starting: 'Spawning' } });
  });

  test('a disabled job started by hand stays up while its test has no answer', () => {
    const job = newJob(TESTED).post(START, passed(1), spawned(1)).wait(2_000).post(apply(TESTED), unknown(2));
    expect(job.value).toMatchObject({ want: 'Yes', child: { Up: 'Running' } });
  });

  test('a disabled job that went down with the daemon is disabled again', () => {
    const job = newJob(DISABLED).post(START, spawned(1)).wait(2_000).post(DIE, gone(1));
    expect(job.value.want).toEqual({ No: 'ByDie' });
    expect(job.post(RESTORED).value).toMatchObject({ want: BY_CONFIG, child: { AtRest: 'Down' } });
  });

  test('disabling stops a job started by hand if it was enabled in between', () => {
    const job = newJob(DISABLED).post(START, spawned(1)).wait(2_000).post(apply(), apply(DISABLED));
    expect(job.value).toMatchObject({ want: BY_CONFIG, child: { Ending: 'Stopping' } });
  });
});
