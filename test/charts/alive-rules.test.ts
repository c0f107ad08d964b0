import type { JobEvent } from '../../machines/job.ts';
import { apply, applyInTurn, exited, gone, newJob, runningJob, spawned } from '../support/job-script.ts';

const CHECKED = { hasAlive: true, aliveSpec: 'a', aliveFailures: 2 } as const;
const CHECKED_OTHERWISE = { ...CHECKED, aliveSpec: 'b' } as const;
const RESTORED: JobEvent = { type: 'Restored' };
const failed = (run: number): JobEvent => ({ type: 'AliveFailed', run, detail: 'no answer' });
const passed = (run: number): JobEvent => ({ type: 'AlivePassed', run });
const NO_ANSWER = { by: 'alive', detail: 'no answer' };
const RUNNING = { Up: 'Running' };
const STOPPING = { Ending: 'Stopping' };

describe('a checked job', () => {
  test('J-49 A job with a check or a memory limit is checked while it is running, and only then', () => {
    const job = newJob(CHECKED).post(spawned(1));
    expect(job.effects()).not.toContain('checkHealth');
    job.wait(2_000);
    expect([job.value.child, job.effects()]).toEqual([RUNNING, ['checkHealth']]);
    job.post(RESTORED);
    expect(job.effects()).toEqual(['checkHealth']);
    expect(runningJob().post(RESTORED).effects()).toEqual([]);
  });

  test('a check that the config begins to ask for begins at once, without a restart', () => {
    const job = runningJob().post(apply(CHECKED));
    expect([job.value.child, job.effects()]).toEqual([RUNNING, ['checkHealth']]);
    expect(job.post(apply(CHECKED)).effects()).toEqual([]);
  });

  test('J-50 A job whose check fails too often in a row is stopped and treated like a crash', () => {
    const job = runningJob(CHECKED).post(failed(1), passed(1), failed(1));
    expect([job.value.child, job.context.aliveFailures]).toEqual([RUNNING, 1]);
    job.post(failed(1));
    expect([job.value.child, job.context.unhealthy]).toEqual([STOPPING, NO_ANSWER]);
    job.post(exited(1, 0), gone(1)).wait(0);
    expect([job.value.child, job.context.restarts]).toEqual([{ Up: { Starting: 'Spawning' } }, 1]);
    expect(job.context).toMatchObject({ unhealthy: NO_ANSWER, aliveFailures: 0 });
  });

  test('J-53 A failed check counts neither for another check nor for a run of an earlier config', () => {
    const job = runningJob(CHECKED).post(failed(1), apply(CHECKED_OTHERWISE));
    expect([job.value.child, job.context.aliveFailures, job.effects()]).toEqual([
      RUNNING,
      0,
      ['checkHealth'],
    ]);
    expect(job.post(failed(1)).value.child).toEqual(RUNNING);
    expect(job.post(apply(CHECKED_OTHERWISE), failed(1)).value.child).toEqual(STOPPING);
  });

  test('a run of an earlier config is not stopped by the check of a newer one', () => {
    const job = runningJob(CHECKED).post(applyInTurn(CHECKED_OTHERWISE, 'b'));
    job.post(failed(1), failed(1), failed(1));
    expect([job.value.child, job.context.aliveFailures]).toEqual([RUNNING, 0]);
    job.post(apply(CHECKED), failed(1), failed(1));
    expect(job.value.child).toEqual(STOPPING);
    const untested = runningJob({ ...CHECKED, hasTest: true });
    untested.post(apply({ ...CHECKED_OTHERWISE, hasTest: true }, 'b'), failed(1), failed(1));
    expect(untested.value.child).toEqual(RUNNING);
  });

  test('a check that the config asks for again after it did not is counted anew', () => {
    const job = runningJob(CHECKED).post(failed(1), apply(), apply(CHECKED), failed(1));
    expect([job.value.child, job.context.aliveFailures]).toEqual([RUNNING, 1]);
  });

  test('a failed check that an earlier daemon counted still counts', () => {
    const job = runningJob(CHECKED).post(failed(1), RESTORED, failed(1));
    expect(job.value.child).toEqual(STOPPING);
  });

  test('the check of an older run, or one no longer asked for, changes nothing', () => {
    const job = runningJob(CHECKED).post(failed(0), failed(0), failed(0));
    expect(job.context.aliveFailures).toBe(0);
    expect(runningJob({ ...CHECKED, aliveFailures: 1 }).post(failed(0)).value.child).toEqual(RUNNING);
    const unasked = runningJob(CHECKED).post(apply(), failed(1), failed(1));
    expect(unasked.value.child).toEqual(RUNNING);
  });

  test('a one-shot that is stopped for its check has failed, whatever code it ends with', () => {
    const job = runningJob({ ...CHECKED, restart: 'never' }).post(
      failed(1),
      failed(1),
      exited(1, 0),
      gone(1),
    );
    expect(job.value.child).toEqual({ AtRest: { Ended: 'Failed' } });
    const again = runningJob({ ...CHECKED, restart: 'on-failure', maxRestarts: 1 });
    expect(again.post(failed(1), failed(1), exited(1, 0), gone(1)).value.child).toEqual({
      AtRest: 'GivenUp',
    });
  });

  test('a run that ends for another reason forgets the failed check', () => {
    const job = runningJob(CHECKED).post(failed(1), failed(1), exited(1, 0), gone(1)).wait(0);
    job.post(spawned(2)).wait(2_000).post(exited(2, 1));
    expect(job.context.unhealthy).toBeNull();
  });

  test('a job that was to be restarted anyway when its check failed starts again', () => {
    const job = runningJob({ ...CHECKED, hasTest: true, restart: 'never' });
    job.post({ type: 'Restart' }, failed(1), failed(1));
    expect([job.value.child, job.context.ending]).toEqual([STOPPING, 'asked']);
    job.post(exited(1, 0), gone(1));
    expect(job.value.child).toEqual({ Waiting: 'ForTest' });
  });
});
