import { instanceName } from '../config/instance-name.ts';
import type { Config, Job } from '../config/config.ts';

/** One running copy that the config asks for. */
export interface Instance {
  /** `web`, or `web@2` where the job asks for numbered copies. */
  readonly name: string;
  /** `2` of `web@2`; null where the copies are not numbered. */
  readonly number: string | null;
  readonly job: Job;
}

/** Every instance that a config asks for. */
export function instancesOf(config: Config): Instance[] {
  return config.jobs.flatMap(copiesOf);
}

function copiesOf(job: Job): Instance[] {
  if (job.instances === null) return [{ name: job.name, number: null, job }];
  return Array.from({ length: job.instances }, (_, index) => ({
    name: instanceName(job.name, index + 1),
    number: `${index + 1}`,
    job,
  }));
}
