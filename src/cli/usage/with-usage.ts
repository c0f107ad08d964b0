import type { Status } from '../../wire/messages.ts';
import type { MeasuredStatus } from '../render/status.ts';
import { measureUsage } from './measure.ts';

/** Measures the process tree of each job that runs. */
export async function withUsage(status: Status): Promise<MeasuredStatus> {
  const usages = await measureUsage(status.jobs.flatMap(({ pid }) => (pid === null ? [] : [pid])));
  const jobs = status.jobs.map((job) => {
    const usage = job.pid === null ? undefined : usages.get(job.pid);
    return usage === undefined ? job : { ...job, usage };
  });
  return { ...status, jobs };
}
