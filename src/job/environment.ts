import type { Marker } from './ports.ts';
import type { Job } from '../config/config.ts';
import { ownVariables } from '../config/values/own-variables.ts';
import { withReferences } from '../config/values/references.ts';

/** The environment of one instance: the base, then `env_file`, then `env`, then overseer's own. */
export function jobEnvironment(
  base: Readonly<Record<string, string>>,
  job: Job,
  instance: string | null,
): Record<string, string> {
  const below = { ...base, ...job.envFromFiles };
  const own = ownVariables(job.name, instance);
  const known = { variables: { ...below, ...own }, home: base['HOME'] ?? '' };
  const written = Object.entries(job.env).map(
    ([name, value]) => [name, withReferences(value, known)] as const,
  );
  // Spread keeps a variable called `__proto__`, which assignment would take for the prototype.
  return { ...below, ...Object.fromEntries(written), ...own };
}

/** A test has one variable more than its job, so that it is never taken for a process of it. */
export function testEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  return { ...env, [TEST_NAME]: '1' };
}

const TEST_NAME = 'OVERSEER_TEST';

/** The variables by which an instance's processes are known: which job of which data folder they are of. */
const MARKING = ['OVERSEER_JOB', 'OVERSEER_INSTANCE', 'OVERSEER_DATA', 'HOME', 'XDG_DATA_HOME'] as const;

/** How the processes of one instance are told from those of every other by their environment. */
export function markerOf(env: Readonly<Record<string, string>>): Marker {
  const present = Object.fromEntries(
    MARKING.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
  return { present, absent: [TEST_NAME, ...MARKING.filter((name) => env[name] === undefined)] };
}
