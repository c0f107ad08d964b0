import type { Cli } from '../cli.ts';

export type WhichJobs =
  | { readonly ok: true; readonly jobs: readonly string[] }
  | { readonly ok: false; readonly wrong: string };

/** A pattern that means every job. */
const EVERY_JOB = '*';

/** The named jobs, or the pattern for all with `--all`. `none` is the message when neither is given. */
export function whichJobs({ args }: Cli, none: string): WhichJobs {
  const jobs = args.words('jobs');
  if (!args.flag('all')) return jobs.length === 0 ? { ok: false, wrong: none } : { ok: true, jobs };
  return jobs.length === 0
    ? { ok: true, jobs: [EVERY_JOB] }
    : { ok: false, wrong: 'name jobs or say --all, not both' };
}
