import { namedAlone, type Named } from '../../plan/names.ts';
import type { JobStatus } from '../../wire/messages.ts';
import type { Cli } from '../cli.ts';
import { askSilently } from './ask-silently.ts';

/** The instances that the daemon knows; null where none runs. */
export async function instancesOfDaemon(cli: Cli): Promise<readonly JobStatus[] | null> {
  return (await askSilently(cli, { name: 'status', jobs: [] }))?.jobs ?? null;
}

/** The instances that the config asks for, whether or not a daemon has read it. */
export async function instancesOfConfig({ homes }: Pick<Cli, 'homes'>): Promise<readonly Named[]> {
  const { instancesInConfig } = await import('../offline.ts');
  return instancesInConfig(homes);
}

/** Finds the job of a log by the log's name; neither the daemon nor the config need know the job any more. */
export function ownersAmong(known: readonly Named[]): (name: string) => Named {
  const byName = new Map(known.map((each) => [each.name, each]));
  return (name) => byName.get(name) ?? namedAlone(name, (job) => !byName.has(job));
}

/**
 * Finds the owners of several logs. Asks the daemon only if a name looks like that of a copy, or tags matter.
 */
export async function ownersOf(
  cli: Cli,
  logged: readonly string[],
  withTags: boolean,
): Promise<(name: string) => Named> {
  if (!withTags && !logged.some((name) => name.includes('@'))) return ownersAmong([]);
  return ownersAmong((await instancesOfDaemon(cli)) ?? (await instancesOfConfig(cli)));
}
