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
  | { readonly is: 'partly'; readonly hint: string; readonly concerns: (job: JobView) => boolean };

export const carried: Fate = { is: 'carried' };
export const left = (hint: string): Fate => ({ is: 'left', hint });
export const partly = (hint: string, concerns: (job: JobView) => boolean = () => true): Fate => ({
  is: 'partly',
  hint,
  concerns,
});

export interface Exporter {
  readonly fates: Readonly<Record<string, Fate>>;
  /** The differences that concern every job, whatever its keys. */
  readonly notes: readonly string[];
  /** The name of a job there, of which there can be only one. */
  readonly nameThere: (job: JobView) => string;
  /** Why a job cannot be expressed at all; null where it can. */
  readonly refuses?: (job: JobView) => string | null;
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
