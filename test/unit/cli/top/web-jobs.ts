import { beginning, withRows, type TopState } from '../../../../src/cli/top/top-state.ts';
import type { WebJob } from '../../../../src/cli/web/messages.ts';

/** The time at which the tests look. */
export const NOW = Date.parse('2026-03-01T12:00:00.000Z');

/** A job that has been running for 65 seconds, and what differs. */
export function webJob(name: string, more: Partial<WebJob> = {}): WebJob {
  const isUp = more.state === undefined || more.state === 'running';
  return {
    name,
    job: name,
    state: 'running',
    pid: isUp ? 4242 : null,
    startedAt: isUp ? new Date(NOW - 65_000).toISOString() : null,
    restarts: 0,
    test: null,
    lastExit: null,
    lastRunFailed: false,
    stoppedByHand: false,
    oldConfig: false,
    nextStartAt: null,
    reason: null,
    description: null,
    cpuPercent: isUp ? 1.5 : null,
    memoryBytes: isUp ? 20 * 1024 * 1024 : null,
    tags: [],
    ...more,
  };
}

/** The state of the screen once these jobs are known. */
export function knowing(...jobs: readonly WebJob[]): TopState {
  return withRows(beginning(false), {
    known: { jobs: new Map(jobs.map((job) => [job.name, job])), lost: null },
  });
}

export const namesOf = ({ rows }: TopState): readonly string[] => rows.map(({ name }) => name);
