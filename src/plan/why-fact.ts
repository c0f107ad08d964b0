import type { JobState } from './job-state.ts';

type TestVerdict = 'pass' | 'fail' | 'unknown';

/** One fact in the answer to `why`. The client words it. */
export type WhyFact =
  /** `test` is how its newest test ended; null where it has none. */
  | {
      readonly kind: 'running';
      readonly test: { readonly verdict: TestVerdict | null; readonly detail: string } | null;
    }
  | { readonly kind: 'changePending' | 'testing' | 'stoppedByHand' | 'disabled' }
  /** It has its old config until its turn in a roll, which `stoppedBy` keeps from coming. */
  | {
      readonly kind: 'awaitsTurn';
      readonly stoppedBy: { readonly name: string; readonly state: JobState } | null;
    }
  /** Given up; `hasRun` when there may be something in its log. */
  | { readonly kind: 'failed'; readonly hasRun: boolean }
  /** The latest exception in the code for the job, and how many there were since its config changed. */
  | {
      readonly kind: 'fault';
      readonly at: string;
      readonly message: string;
      readonly count: number;
      /** Whether the operating system refused something; otherwise the fault is a bug of overseer. */
      readonly isRefusal: boolean;
    }
  | { readonly kind: 'restartedForFile'; readonly file: string }
  | { readonly kind: 'watch'; readonly remark: string }
  /** The job runs, and `is` stands in the place of its log: null for nothing, or such as `folder`. */
  | { readonly kind: 'lostLog'; readonly path: string; readonly is: string | null }
  | { readonly kind: 'settling'; readonly startMs: number; readonly hasReady: boolean }
  | { readonly kind: 'probing'; readonly notReady: string | null; readonly readyTimeoutMs: number }
  /** `why` is what it is stopped for, and `killedAt` when it is killed unless it is gone by then. */
  | {
      readonly kind: 'stopping';
      readonly why: string;
      readonly stopTimeoutMs: number;
      readonly killedAt: string | null;
    }
  | { readonly kind: 'killing'; readonly group: number | null }
  | { readonly kind: 'held'; readonly verdict: TestVerdict | null; readonly detail: string }
  | { readonly kind: 'nextTest'; readonly everyMs: number | null; readonly at: string | null }
  | {
      readonly kind: 'ended';
      readonly code: number | null;
      readonly signal: string | null;
      /** Failed starts in a row. */
      readonly failures: number;
    }
  | { readonly kind: 'finished'; readonly restart: string }
  | { readonly kind: 'notStarted'; readonly why: string }
  /**
   * Its newest run that ended was stopped because its check failed, or for its memory; `isOver` where another
   * has begun since.
   */
  | { readonly kind: 'unhealthy'; readonly why: string; readonly isOver: boolean }
  | {
      readonly kind: 'overMemory';
      readonly bytes: number;
      readonly maxBytes: number;
      readonly isOver: boolean;
    }
  | { readonly kind: 'testUnknown'; readonly detail: string }
  /** The newest hook of the job failed. */
  | { readonly kind: 'hookFailed'; readonly state: string; readonly at: string; readonly detail: string }
  | { readonly kind: 'startsAgain'; readonly at: string | null }
  | { readonly kind: 'scheduled'; readonly schedule: string; readonly at: string | null }
  | { readonly kind: 'waitsFor'; readonly jobs: readonly Blocker[] };

/** A dependency that another job waits for. */
export interface Blocker {
  readonly name: string;
  readonly state: JobState;
  /** What it has to be: up means running, or finished with success. */
  readonly needs: 'running' | 'finished' | 'up';
  /** Why it is in its state, and for how many milliseconds; null where its history does not tell. */
  readonly detail: string | null;
  readonly age: number | null;
  /** It will not get there by itself. */
  readonly isStuck: boolean;
  /** What keeps this one from starting, where it waits itself. */
  readonly waitsFor: readonly Blocker[];
}
