/** The name of one of a job's numbered copies. */
export const instanceName = (job: string, number: number): string => `${job}@${number}`;

/** `web` and 2 of `web@2`; null for what can only be the name of a job. */
export function partsOfInstance(name: string): { readonly job: string; readonly number: number } | null {
  if (!name.includes('@')) return null;
  const [, job, number] = /^(.+)@(0|[1-9]\d*)$/.exec(name) ?? [];
  return job === undefined ? null : { job, number: Number(number) };
}
