import type { Job } from '../config.ts';
import type { Draft } from '../jobs.ts';

/**
 * Limit for all jobs together, each counted with its `[defaults]`, its env files and its number of instances.
 */
const MAX_WHOLE_BYTES = 64 * 2 ** 20;

const sizeOf = (job: Job): number => JSON.stringify(job).length * Math.max(1, job.instances ?? 1);

export const isWholeTooLarge = (jobs: readonly Job[]): boolean =>
  jobs.reduce((whole, job) => whole + sizeOf(job), 0) > MAX_WHOLE_BYTES;

/** Reports the job with which the whole grows too large to be kept: a long default counts for every job. */
export function checkWholeSize(made: readonly { readonly draft: Draft; readonly job: Job | null }[]): void {
  let whole = 0;
  for (const { draft, job } of made) {
    if (job === null) continue;
    whole += sizeOf(job);
    if (whole > MAX_WHOLE_BYTES)
      return draft.place.report(
        `all jobs together are too large: at most ${MAX_WHOLE_BYTES / 2 ** 20} MiB are kept, ` +
          '[defaults], env_file and instances counted for each',
        'key',
      );
  }
}
