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

/** What led to a change of a job's state. */
export const CAUSES = [
  'config',
  'by-hand',
  'test',
  'exit',
  'watch',
  'schedule',
  'alive',
  'memory',
  'dependency',
  'daemon',
] as const;

export type Cause = (typeof CAUSES)[number];

/** Details of a change beyond its reason. The client words them. */
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
        | 'oneAtATime'
        | 'waitsForTurn'
        | 'notInConfig';
    }
  | { readonly kind: 'notStarted' | 'unhealthy'; readonly why: string }
  | { readonly kind: 'overMemory'; readonly bytes: number; readonly maxBytes: number }
  /** `isFailure` of a run that was asked for, and whose job only waits for its next time. */
  | {
      readonly kind: 'ended';
      readonly code: number | null;
      readonly signal: string | null;
      readonly isFailure?: true;
    }
  | { readonly kind: 'failed' }
  /** It was not replaced, because this other copy, or job that it comes after, did not come up. */
  | { readonly kind: 'rollStopped'; readonly by: string; readonly state: JobState }
  | {
      readonly kind: 'waitsForJobs';
      readonly jobs: readonly { readonly name: string; readonly state: JobState }[];
    }
  /** It did not end by its stop signal within this time, so it was killed. */
  | { readonly kind: 'killed'; readonly afterMs: number }
  | { readonly kind: 'nextStart'; readonly inMs: number }
  | { readonly kind: 'waitsForTime'; readonly at: string };

/** A change as the daemon sends it. */
export interface ReportedChange extends Omit<Change, 'detail'> {
  readonly facts: readonly ChangeFact[];
}

/** A change of one job instance that was or would be made, and its reason. */
export interface Change {
  readonly job: string;
  readonly action: Action;
  readonly reason: Reason;
  /** One readable clause, such as `args changed` or `exit 3, next start in 0.4 s`. May be empty. */
  readonly detail: string;
  /** `stopped` also where there is nothing of the job: before its first start, and once it was removed. */
  readonly state: JobState;
  readonly pid: number | null;
}
