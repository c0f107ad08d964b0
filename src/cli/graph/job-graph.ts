import type { DependencyState, Job } from '../../config/config.ts';
import { partsOfInstance } from '../../config/instance-name.ts';
import { wordForTag } from '../../config/tag-word.ts';
import type { JobState } from '../../plan/job-state.ts';
import { mostUrgent } from '../../plan/state-order.ts';
import type { Status } from '../../wire/messages.ts';

/** Who starts after whom, and how each job is. */
export interface JobGraph {
  readonly jobs: readonly GraphJob[];
}

export interface GraphJob {
  readonly name: string;
  /** By the states of its instances, the worst first; null where no daemon knows the job. */
  readonly state: JobState | null;
  readonly instances: number;
  readonly after: readonly Dependency[];
}

interface Dependency {
  readonly job: string;
  /** What that job has to be; null where it depends on what kind of job it is. */
  readonly is: DependencyState | null;
}

/** The jobs of the config in its order, with the states that the daemon knows; null is no daemon. */
export function jobGraph(jobs: readonly Job[], status: Status | null): JobGraph {
  return {
    jobs: jobs.map(({ name, after, afterIs, instances }) => ({
      name,
      state: mostUrgent(status?.jobs.filter(({ job }) => job === name).map(({ state }) => state) ?? []),
      instances: instances ?? 1,
      after: after.flatMap((word) =>
        jobsMeant(jobs, word).map((job) => ({ job, is: afterIs[word] ?? null })),
      ),
    })),
  };
}

/** The jobs that an entry of `after` selects: a job, the job of an instance, or every job with a tag. */
function jobsMeant(jobs: readonly Job[], word: string): readonly string[] {
  const named = jobs.filter(({ name }) => name === word);
  const tagged = jobs.filter(({ tags }) => tags.some((tag) => wordForTag(tag) === word));
  const copied = jobs.filter(({ name }) => name === partsOfInstance(word)?.job);
  const meant = [named, tagged, copied].find((each) => each.length > 0) ?? [];
  return meant.map(({ name }) => name);
}

/** Only these jobs, and all that they need. */
export function withDependencies({ jobs }: JobGraph, wanted: ReadonlySet<string>): JobGraph {
  const kept = new Set<string>();
  const keep = (name: string): void => {
    if (kept.has(name)) return;
    kept.add(name);
    for (const { job } of jobs.find((each) => each.name === name)?.after ?? []) keep(job);
  };
  for (const name of wanted) keep(name);
  return { jobs: jobs.filter(({ name }) => kept.has(name)) };
}

/** `api ×3`, as the pictures call a job with copies. */
export const titleOf = ({ name, instances }: GraphJob): string =>
  instances === 1 ? name : `${name} ×${instances}`;
