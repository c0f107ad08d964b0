import type { JobState } from './job-state.ts';

export type Action = 'start' | 'stop' | 'restart' | 'update' | 'remove' | 'none';
export type Reason =
  | 'new'
  | 'changed'
  | 'removed'
  | 'test-passed'
  | 'test-failed'
  | 'test-unknown'
  | 'by-hand'
  | 'not-running'
  | 'unchanged';

/** What is behind a transition of a job, where the event alone does not say it. So far only a watch is told. */
export type Cause =
  | 'config'
  | 'by-hand'
  | 'test'
  | 'exit'
  | 'watch'
  | 'schedule'
  | 'alive'
  | 'memory'
  | 'dependency'
  | 'daemon';

/** What was done, or would be done, to one job instance, and why. */
export interface Change {
  readonly job: string;
  readonly action: Action;
  readonly reason: Reason;
  /** One readable clause: `args changed`, `the test exited with 1`, `exit 3, next start in 0.4 s`. May be empty. */
  readonly detail: string;
  /** `stopped` also where there is nothing of the job: before its first start, and once it was removed. */
  readonly state: JobState;
  readonly pid: number | null;
}
