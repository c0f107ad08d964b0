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

/** What there is to say of a change beyond its reason; the client puts words to it. */
export type ChangeFact =
  | { readonly kind: 'keysChanged'; readonly keys: readonly string[] }
  | { readonly kind: 'fileChanged'; readonly file: string }
  | { readonly kind: 'tested'; readonly detail: string }
  | {
      readonly kind:
        | 'stoppedByHand'
        | 'disabled'
        | 'wasNotRunning'
        | 'alreadyRunning'
        | 'removedMeanwhile'
        | 'notInConfig';
    }
  | { readonly kind: 'notStarted'; readonly why: string }
  | { readonly kind: 'ended'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'failed' }
  | {
      readonly kind: 'waitsForJobs';
      readonly jobs: readonly { readonly name: string; readonly state: JobState }[];
    }
  /** It did not end by its stop signal, so it was killed after so long. */
  | { readonly kind: 'killed'; readonly afterMs: number }
  | { readonly kind: 'nextStart'; readonly inMs: number }
  | { readonly kind: 'waitsForTime'; readonly at: string };

/** A change as the daemon tells it. */
export interface ReportedChange extends Omit<Change, 'detail'> {
  readonly facts: readonly ChangeFact[];
}

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
