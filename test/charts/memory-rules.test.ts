import type { JobEvent } from '../../machines/job.ts';
import { apply, exited, gone, newJob, runningJob, spawned } from '../support/job-script.ts';

const LIMITED = { maxMemoryBytes: 100 } as const;
const over = (run: number, bytes = 130): JobEvent => ({ type: 'OverMemory', run, bytes });
const within = (run: number): JobEvent => ({ type: 'WithinMemory', run });
const RUNNING = { Up: 'Running' };
const STOPPING = { Ending: 'Stopping' };

describe('a job with a memory limit', () => {
  test('a job is measured while it runs, after an adoption and as soon as its config asks', () => {
    const job = newJob(LIMITED).post(spawned(1));
    expect(job.effects()).not.toContain('checkHealth');
    job.wait(2_000);
    expect([job.value.child, job.effects()]).toEqual([RUNNING, ['checkHealth']]);
    expect(job.post({ type: 'Restored' }).effects()).toEqual(['checkHealth']);
    const later = runningJob().post(apply(LIMITED));
    expect([later.value.child, later.effects()]).toEqual([RUNNING, ['checkHealth']]);
    expect(later.post(apply({ maxMemoryBytes: 50 })).effects()).toEqual([]);
  });

  test('J-51 A job that is above its memory limit in two samples in a row is stopped and treated like a crash', () => {
    const job = runningJob(LIMITED).post(over(1), within(1), over(1));
    expect([job.value.child, job.context.isOverMemory]).toEqual([RUNNING, true]);
    job.post(over(1, 140));
    const unhealthy = { by: 'memory', bytes: 140, maxBytes: 100 };
    expect([job.value.child, job.context.unhealthy]).toEqual([STOPPING, unhealthy]);
    job.post(exited(1, 0), gone(1)).wait(0);
    expect([job.value.child, job.context.restarts]).toEqual([{ Up: { Starting: 'Spawning' } }, 1]);
    expect(job.context).toMatchObject({ unhealthy, isOverMemory: false });
  });

  test('a memory sample that an earlier daemon took still counts', () => {
    expect(runningJob(LIMITED).post(over(1), { type: 'Restored' }, over(1)).value.child).toEqual(STOPPING);
  });

  test('the count of memory samples begins anew with another limit', () => {
    const job = runningJob(LIMITED).post(over(1), apply({ maxMemoryBytes: 120 }), over(1));
    expect([job.value.child, job.context.isOverMemory]).toEqual([RUNNING, true]);
    expect(runningJob(LIMITED).post(over(1), apply(LIMITED), over(1)).value.child).toEqual(STOPPING);
  });

  test('a memory sample of an older run, or one no longer asked for, changes nothing', () => {
    const job = runningJob(LIMITED).post(over(0), over(0), over(0));
    expect([job.value.child, job.context.isOverMemory]).toEqual([RUNNING, false]);
    const unasked = runningJob(LIMITED).post(apply(), over(1), over(1));
    expect(unasked.value.child).toEqual(RUNNING);
  });

  test('the next run after a memory restart is measured from the beginning', () => {
    const job = runningJob(LIMITED).post(over(1), exited(1, 1), gone(1)).wait(0);
    job.post(spawned(2)).wait(2_000).post(over(2));
    expect(job.value.child).toEqual(RUNNING);
  });

  test('a one-shot that is stopped for its memory has failed, whatever code it ends with', () => {
    const job = runningJob({ ...LIMITED, restart: 'never' });
    job.post(over(1), over(1), exited(1, 0), gone(1));
    expect(job.value.child).toEqual({ AtRest: { Ended: 'Failed' } });
  });
});
