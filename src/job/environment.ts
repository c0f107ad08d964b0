import type { Marker } from './ports.ts';
import type { Job } from '../config/config.ts';
import { ID_NAME, ownVariables, RESERVED_NAMES, TEST_NAME } from '../config/values/own-variables.ts';
import { withReferences } from '../config/values/references.ts';

export { ID_NAME };

/** The environment of one instance: the base, then `env_file`, then `env`, then overseer's own. */
export function jobEnvironment(
  base: Readonly<Record<string, string>>,
  job: Job,
  instance: string | null,
  folderId: string,
): Record<string, string> {
  const below = { ...base, ...job.envFromFiles };
  const own = { ...ownVariables(job.name, instance), [ID_NAME]: folderId };
  const known = { variables: { ...below, ...own }, home: base['HOME'] ?? '' };
  const written = Object.entries(job.env).map(
    ([name, value]) => [name, withReferences(value, known)] as const,
  );
  // Spread keeps a variable called `__proto__`, which assignment would take for the prototype.
  const env: Record<string, string> = { ...below, ...Object.fromEntries(written) };
  // A config that an earlier version has read may have them.
  for (const name of RESERVED_NAMES) delete env[name];
  return { ...env, ...own };
}

/** A test is marked otherwise than its job, so that neither is ever taken for the other. */
export function testEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  return { ...env, [ID_NAME]: testMark(env[ID_NAME] ?? ''), [TEST_NAME]: '1' };
}

/** The marker of the tests of a data folder. */
export function testMark(id: string): string {
  return `${id}${OF_TESTS}`;
}

const OF_TESTS = '-test';

/** The id of the data folder whose jobs or tests have a mark. */
export function folderOf(mark: string): string {
  return mark.endsWith(OF_TESTS) ? mark.slice(0, -OF_TESTS.length) : mark;
}

/** The variables that mark the processes of an instance: its job, its copy and its data folder. */
const MARKING = ['OVERSEER_JOB', 'OVERSEER_INSTANCE', ID_NAME] as const;

/** The markers from before data folders had ids. */
const EARLIER_MARKING = [
  'OVERSEER_JOB',
  'OVERSEER_INSTANCE',
  'OVERSEER_DATA',
  'HOME',
  'XDG_DATA_HOME',
] as const;

/** The marker by which the processes of one instance are recognized. */
export function markerOf(env: Readonly<Record<string, string>>): Marker {
  const earlier = marker(env, EARLIER_MARKING);
  return {
    ...marker(env, MARKING),
    earlier: { ...earlier, absent: [...earlier.absent, TEST_NAME, ID_NAME] },
  };
}

function marker(env: Readonly<Record<string, string>>, names: readonly string[]): Marker {
  return {
    present: Object.fromEntries(
      names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
    ),
    absent: names.filter((name) => env[name] === undefined),
  };
}
