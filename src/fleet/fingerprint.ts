import { createHash } from 'node:crypto';
import type { Job } from '../config/config.ts';
import { childSpec } from '../plan/differences.ts';

const known = new WeakMap<Job, string>();

/** A short name for what a job's child sees: another one exactly when a restart is needed. */
export function fingerprint(job: Job): string {
  const before = known.get(job);
  if (before !== undefined) return before;
  const made = createHash('sha256').update(childSpec(job)).digest('hex').slice(0, 16);
  known.set(job, made);
  return made;
}
