import { createHash } from 'node:crypto';
import type { Policy } from '../../machines/job.ts';
import type { Alive, Job } from '../config/config.ts';
import { canonical } from './differences.ts';

/** The part of a job's config that its chart decides by. */
export function policyOf(job: Job): Policy {
  return {
    restart: job.restart,
    startMs: job.startMs,
    backoffMinMs: job.backoff.minMs,
    backoffMaxMs: job.backoff.maxMs,
    backoffFactor: job.backoff.factor,
    maxRestarts: job.maxRestarts,
    successCodes: job.successCodes,
    stopTimeoutMs: job.stopTimeoutMs,
    testTimeoutMs: job.testTimeoutMs,
    testIntervalMs: job.testIntervalMs,
    readyTimeoutMs: job.ready?.withinMs ?? 0,
    hasTest: job.test !== null,
    hasReady: job.ready !== null,
    hasSchedule: job.schedule !== null,
    runAtStart: job.runAtStart && job.schedule !== null,
    hasDependencies: job.after.length > 0,
    isEnabled: job.enabled,
    hasAlive: job.alive !== null,
    aliveSpec: job.alive === null ? null : specOf(job.alive),
    aliveFailures: job.alive?.failures ?? 0,
    maxMemoryBytes: job.maxMemoryBytes,
  };
}

/** Not the check itself: its URL may hold a password, and charts are shown. */
function specOf(alive: Alive): string {
  return createHash('sha256').update(canonical(alive)).digest('hex').slice(0, 8);
}
