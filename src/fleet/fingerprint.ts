import { createHash } from 'node:crypto';
import type { Job } from '../config/config.ts';
import { childSpec } from '../plan/differences.ts';

/** A short name for what a job's child sees: another one exactly when a restart is needed. */
export function fingerprint(job: Job): string {
  return createHash('sha256').update(childSpec(job)).digest('hex').slice(0, 16);
}
