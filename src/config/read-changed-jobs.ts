import { Allowance } from './allowance.ts';
import { isWholeTooLarge } from './checks/check-whole-size.ts';
import type { FileContent } from './config-contents.ts';
import type { Job } from './config.ts';
import { makeJob, type Draft } from './jobs.ts';
import { draftsOf, withFolder, type FolderOptions } from './read-config.ts';
import { jobBlocks } from './toml/job-blocks.ts';
import { parseSources } from './toml/open-documents.ts';
import { SIZE_LIMITS } from './toml/size-limits.ts';
import { Source } from './toml/source.ts';
import { EnvFiles } from './values/env-files.ts';

/** The files of a config without problems, and the jobs that were read from them. */
export interface KnownConfig {
  readonly contents: readonly FileContent[];
  readonly jobs: readonly Job[];
}

/**
 * The jobs of a config in which only some `[[jobs]]` tables have changed. Only these are parsed; the jobs of
 * the others stay the same objects. Null if the whole config must be read: because something else has changed
 * too, because the changed tables have more than `maxLetters` letters, or because there is a problem, whose
 * place only a reading of the whole config tells.
 */
export function readChangedJobs(
  contents: readonly FileContent[],
  known: KnownConfig,
  options: FolderOptions & { readonly maxLetters: number },
): readonly Job[] | null {
  const changed = changedText(contents, known);
  if (changed === null || lettersOf(changed.sources) > options.maxLetters) return null;
  const made = readAlone(changed.sources, options);
  if (made?.length !== changed.places.length) return null;
  const jobs = [...known.jobs];
  for (const [index, place] of changed.places.entries()) {
    const before = jobs[place];
    const { draft, job } = made[index] ?? {};
    if (before === undefined || draft === undefined || !job || !isSameToOthers(draft, before, job))
      return null;
    jobs[place] = job;
  }
  return isWholeTooLarge(jobs) ? null : jobs;
}

const lettersOf = (texts: readonly { readonly text: string }[]): number =>
  texts.reduce((sum, { text }) => sum + text.length, 0);

interface Changed {
  /** The files without the tables that are as they were. */
  readonly sources: readonly Source[];
  /** Which of all jobs the tables in the sources are. */
  readonly places: readonly number[];
}

function changedText(contents: readonly FileContent[], known: KnownConfig): Changed | null {
  // Each of the limited items has a letter of its own.
  if (contents.length !== known.contents.length || lettersOf(contents) > SIZE_LIMITS.items) return null;
  const sources: Source[] = [];
  const places: number[] = [];
  let place = 0;
  for (const [index, { file, text }] of contents.entries()) {
    const before = known.contents[index];
    const [was, is] = [jobBlocks(before?.text ?? ''), jobBlocks(text)];
    if (was === null || is === null || file !== before?.file || is.head !== was.head) return null;
    if (is.blocks.length !== was.blocks.length) return null;
    const changed = [...is.blocks.keys()].filter((at) => is.blocks[at] !== was.blocks[at]);
    places.push(...changed.map((at) => place + at));
    sources.push(new Source(file, [is.head, ...changed.map((at) => is.blocks[at])].join('')));
    place += is.blocks.length;
  }
  // Jobs that are not written as [[jobs]] would be missing here.
  return place === known.jobs.length ? { sources, places } : null;
}

interface Made {
  readonly draft: Draft;
  readonly job: Job | null;
}

/** Null where there is any problem. */
function readAlone(sources: readonly Source[], options: FolderOptions): readonly Made[] | null {
  const { documents, problems } = parseSources(sources);
  if (problems.length > 0) return null;
  const drafts = draftsOf(documents, withFolder(options));
  const envFiles = new EnvFiles(new Allowance(0));
  const made = drafts.map((draft) => ({ draft, job: makeJob(draft, envFiles, options.base ?? null) }));
  const hasProblems = documents.some((document) => document.problems.length + document.untold > 0);
  return hasProblems || envFiles.problems.length > 0 ? null : made;
}

/**
 * Whether nothing has changed that other jobs depend on: name, copies, tags and dependencies. A job that has
 * its `after` from `[defaults]` does not pass: a name in there may be wrong for this job alone.
 */
function isSameToOthers({ own, full }: Draft, before: Job, job: Job): boolean {
  return (
    (own.after !== undefined || full.after.length === 0) &&
    before.name === job.name &&
    before.instances === job.instances &&
    isSameList(before.tags, job.tags) &&
    isSameList(before.after, job.after)
  );
}

const isSameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((each, index) => each === other[index]);
