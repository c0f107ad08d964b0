import type { Config, Job } from '../config/config.ts';

/** One running copy that the config asks for. */
export interface Instance {
  /** `web`, or `web@2` where the job asks for several. */
  readonly name: string;
  /** `2` of `web@2`; null for the only copy. */
  readonly number: string | null;
  readonly job: Job;
}

/** Every instance that a config asks for. */
export function instancesOf(config: Config): Instance[] {
  return config.jobs.flatMap(copiesOf);
}

function copiesOf(job: Job): Instance[] {
  if (job.instances === 1) return [{ name: job.name, number: null, job }];
  return Array.from({ length: job.instances }, (_, index) => ({ name: `${job.name}@${index + 1}`, number: `${index + 1}`, job }));
}
