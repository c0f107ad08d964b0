import { ID_NAME, ownVariables, RESERVED_NAMES } from '../../config/values/own-variables.ts';
import { withReferences } from '../../config/values/references.ts';
import type { Job } from '../../config/config.ts';

/** A variable of a job, and where its value comes from. */
export interface Variable {
  readonly name: string;
  readonly origin: 'base' | 'env_file' | 'env' | 'overseer';
  /** Null for what only the daemon knows. */
  readonly value: string | null;
}

/**
 * The environment of an instance, in the order of the names; each later origin goes before the earlier ones.
 */
export function environmentOf(
  job: Job,
  instance: string | null,
  base: Readonly<Record<string, string>>,
): readonly Variable[] {
  const own = ownVariables(job.name, instance);
  const known = { variables: { ...base, ...job.envFromFiles, ...own }, home: base['HOME'] ?? '' };
  const variables = new Map<string, Variable>();
  const put = (origin: Variable['origin'], name: string, value: string | null): void => {
    if (origin === 'overseer' || !RESERVED_NAMES.includes(name)) variables.set(name, { name, origin, value });
  };
  for (const [name, value] of Object.entries(base)) put('base', name, value);
  for (const [name, value] of Object.entries(job.envFromFiles)) put('env_file', name, value);
  for (const [name, value] of Object.entries(job.env)) put('env', name, withReferences(value, known));
  for (const [name, value] of Object.entries(own)) put('overseer', name, value);
  put('overseer', ID_NAME, null);
  return [...variables.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
