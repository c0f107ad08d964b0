/** The data folder's id: whose process this is does not depend on how the path of the folder is spelt. */
export const ID_NAME = 'OVERSEER_ID';
export const TEST_NAME = 'OVERSEER_TEST';

/** Variables that overseer sets, or leaves out, by itself: by them it knows whose a process is. */
export const RESERVED_NAMES: readonly string[] = ['OVERSEER_JOB', 'OVERSEER_INSTANCE', ID_NAME, TEST_NAME];

/** Why such a variable is refused. */
export const RESERVED =
  'overseer itself sets this variable, or leaves it out: choose another name, such as MY_VARIABLE';

/** What overseer itself puts into the environment of an instance; `instance` is null for a job without numbered copies. */
export function ownVariables(job: string, instance: string | null): Readonly<Record<string, string>> {
  return { OVERSEER_JOB: job, ...(instance !== null && { OVERSEER_INSTANCE: instance }) };
}
