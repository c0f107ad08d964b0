import type { JobState } from './job-state.ts';

type TestVerdict = 'pass' | 'fail' | 'unknown';

/** One thing that `why` says of an instance; the client puts words to it. */
export type WhyFact =
  /** `test` is how its newest test ended; null where it has none. */
  | {
      readonly kind: 'running';
      readonly test: { readonly verdict: TestVerdict | null; readonly detail: string } | null;
    }
  | { readonly kind: 'changePending' | 'testing' | 'stoppedByHand' | 'failed' }
  /** The newest exception in the code that looks after the job, and how many there were since its config changed. */
  | {
      readonly kind: 'fault';
      readonly at: string;
      readonly message: string;
      readonly count: number;
      /** By the system; else it is a bug of overseer's. */
      readonly isRefusal: boolean;
    }
  | { readonly kind: 'restartedForFile'; readonly file: string }
  | { readonly kind: 'watch'; readonly remark: string }
  | { readonly kind: 'settling'; readonly startMs: number; readonly hasReady: boolean }
  | { readonly kind: 'probing'; readonly notReady: string | null; readonly readyTimeoutMs: number }
  | { readonly kind: 'stopping'; readonly stopTimeoutMs: number }
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
  | { readonly kind: 'testUnknown'; readonly detail: string }
  | { readonly kind: 'startsAgain'; readonly at: string | null }
  | { readonly kind: 'scheduled'; readonly schedule: string; readonly at: string | null }
  | {
      readonly kind: 'waitsFor';
      readonly jobs: readonly { readonly name: string; readonly state: JobState }[];
    };
