import type { JobView, ExportSurroundings } from './job-view.ts';

export interface ExportedFile {
  readonly name: string;
  readonly text: string;
}

/**
 * What becomes of a key: it is carried over, or this is what to do instead, or, for one that is carried
 * over in part, what is different, and of which jobs that is true. A key that is not listed would disappear
 * silently, so a test holds the lists against the keys.
 */
export type Fate =
  | { readonly is: 'carried' }
  | { readonly is: 'left'; readonly hint: string }
  | { readonly is: 'partly'; readonly tell: (job: JobView) => Told };

/** What is not the same for a job, or what to do instead where it is left out; null if nothing is. */
type Told = { readonly differs: string } | { readonly left: string } | null;

export const carried: Fate = { is: 'carried' };
export const left = (hint: string): Fate => ({ is: 'left', hint });
export const partly = (hint: string, concerns: (job: JobView) => boolean = () => true): Fate =>
  inPart((job) => (concerns(job) ? { differs: hint } : null));
export const inPart = (tell: (job: JobView) => Told): Fate => ({ is: 'partly', tell });

/** A probe is carried over, except for one of the log. */
export const probePartly = (hint: string): Fate =>
  inPart(({ ready }) => (ready?.log == null ? { differs: hint } : { left: 'nothing there reads the log' }));

export const CLOCK_TIMES = 'at times of the clock, not counted from the start';
export const OWN_NETWORK = 'localhost is each container’s own there: jobs reach each other by their names';

export interface Exporter {
  readonly fates: Readonly<Record<string, Fate>>;
  /** The differences that concern every job, whatever its keys. */
  readonly notes: readonly string[];
  /** The name of a job there, of which there can be only one. */
  readonly nameThere: (job: JobView) => string;
  /** Why a job cannot be expressed at all; null where it can. */
  readonly refuses?: (job: JobView) => string | null;
  /** Whether a copy of a job has its number there. */
  readonly numbersCopies?: boolean;
  /** What is different where a job comes after these others. */
  readonly tellsOfAfter?: (job: JobView, jobs: readonly JobView[]) => readonly string[];
  readonly files: (jobs: readonly JobView[], surroundings: ExportSurroundings) => readonly ExportedFile[];
}

const LOGGED = left('the other tool keeps what is printed its own way');
const BY_HAND = left('this is overseer’s own');

/** What no other tool has anything like. */
export const ONLY_HERE: Readonly<Record<string, Fate>> = {
  test_timeout: left('the other tool has its own'),
  test_interval: left('the other tool looks at the condition when it starts the job, and never again'),
  start_seconds: left('the other tool counts a job as started at once'),
  watch: left('the other tool watches no files; run it below watchexec'),
  log: LOGGED,
  tags: BY_HAND,
  on: BY_HAND,
  rolling: BY_HAND,
  stdin: BY_HAND,
};
