import type { Policy } from '../../machines/job.ts';
import type { Job } from '../config/config.ts';

/** How long a job may take to become ready before its start counts as failed. */
const READY_TIMEOUT_MS = 60_000;

/** What of a job's config its chart decides by. */
export function policyOf(job: Job): Policy {
  return {
    restart: job.restart,
    startMs: job.startMs,
    backoffMinMs: job.backoff.minMs,
    backoffMaxMs: job.backoff.maxMs,
    backoffFactor: job.backoff.factor,
    maxRestarts: job.maxRestarts,
    successCodes: [0],
    stopTimeoutMs: job.stopTimeoutMs,
    testTimeoutMs: job.testTimeoutMs,
    testIntervalMs: job.testIntervalMs,
    readyTimeoutMs: READY_TIMEOUT_MS,
    hasTest: job.test !== null,
    hasReady: job.ready !== null,
    hasSchedule: job.schedule !== null,
    runAtStart: false,
    hasOthers: job.after.length > 0,
  };
}
