import type { JobStatus } from '../../wire/messages.ts';

/** Not `job`: that is what Prometheus calls its own groups of targets. */
export const labelsOf = ({ name, job }: JobStatus): Readonly<Record<string, string>> =>
  name === job ? { name } : { name, copy_of: job };
