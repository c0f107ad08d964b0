/** The data folder's id: whose process this is does not depend on how the path of the folder is spelt. */
export const ID_NAME = 'OVERSEER_ID';
export const TEST_NAME = 'OVERSEER_TEST';

/** Variables that only overseer sets: they identify the processes of a job. */
export const RESERVED_NAMES: readonly string[] = ['OVERSEER_JOB', 'OVERSEER_INSTANCE', ID_NAME, TEST_NAME];

/** The reason for refusing such a variable. */
export const RESERVED =
  'overseer itself sets this variable, or leaves it out: choose another name, such as MY_VARIABLE';

/** Variables that overseer sets for an instance; `instance` is null for a job without numbered copies. */
export function ownVariables(job: string, instance: string | null): Readonly<Record<string, string>> {
  return { OVERSEER_JOB: job, ...(instance !== null && { OVERSEER_INSTANCE: instance }) };
}
