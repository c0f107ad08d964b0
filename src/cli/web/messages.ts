// What the page and its server say to each other. Both import this file.
import type { JobJson } from '../../library/types.ts';

/** A job as the page shows it. */
export interface WebJob extends JobJson {
  /** The job that the instance belongs to. */
  readonly job: string;
  readonly lastRunFailed: boolean;
  /** Its config has changed since it was started. */
  readonly hasOldConfig?: true;
}

/** The stream `jobs`: first all of them, then what has changed since. */
export type JobsMessage =
  | { readonly kind: 'all'; readonly version: string; readonly jobs: readonly WebJob[] }
  | { readonly kind: 'changed'; readonly jobs: readonly WebJob[]; readonly removed: readonly string[] }
  /** No daemon answers; it is looked for. */
  | { readonly kind: 'lost'; readonly why: string };

/** `why/NAME`: everything about one job. */
export interface WebWhy {
  /** Sentences, the most telling first. */
  readonly because: readonly string[];
  /** What `overseer why` prints below them: facts, test, history. */
  readonly details: string;
}

/** The stream `chart/NAME`: how the chart of a job is, first as it is now, then after each step. */
export interface ChartMessage {
  /** Ids of the states that are lit. */
  readonly lit: readonly string[];
  /** Ids of the arrows of the picture that the step took, in their order. */
  readonly taken: readonly string[];
}

/** `plan`: what a trigger would do, in lines, and an id for it. */
export interface WebPlan {
  readonly id: string;
  readonly lines: string;
  readonly hasChanges: boolean;
  readonly isRefused: boolean;
}

/** The stream `logs/NAME`: some lines at a time. */
export type LogsMessage = readonly string[];

/** What the page asks for by POST; the answer is a WebDone. */
export type WebAction =
  | { readonly action: 'start' | 'stop' | 'restart'; readonly jobs: readonly string[] }
  | { readonly action: 'apply'; readonly plan: string };

export interface WebDone {
  readonly ok: boolean;
  /** The report in lines, or what went wrong. */
  readonly lines: string;
}

/** What the server writes into the page. */
export interface WebSettings {
  readonly readOnly: boolean;
}
