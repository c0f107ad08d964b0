/** What overseer itself puts into the environment of an instance; `instance` is null for a job without numbered copies. */
export function ownVariables(job: string, instance: string | null): Readonly<Record<string, string>> {
  return { OVERSEER_JOB: job, ...(instance !== null && { OVERSEER_INSTANCE: instance }) };
}
