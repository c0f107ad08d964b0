import type { JobContext, JobSnapshot } from '../../../machines/job.ts';

/** Whether two snapshots would be kept as the same record. */
export function isSameRecord(before: JobSnapshot, after: JobSnapshot): boolean {
  if (JSON.stringify(before.value) !== JSON.stringify(after.value)) return false;
  // Most values of the context are passed from step to step unchanged.
  return (Object.keys(after.context) as (keyof JobContext)[]).every((key) => {
    const [was, is] = [before.context[key], after.context[key]];
    return was === is || JSON.stringify(was) === JSON.stringify(is);
  });
}
