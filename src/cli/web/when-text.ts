import { duration } from '../../text/duration.ts';
import type { WebJob } from './messages.ts';

/** Since when it has been up, or when it starts. */
export function whenText({ pid, startedAt, nextStartAt }: WebJob, now: number): string {
  if (pid !== null && startedAt !== null) return duration(now - Date.parse(startedAt));
  return nextStartAt === null ? '' : `in ${duration(Date.parse(nextStartAt) - now)}`;
}
