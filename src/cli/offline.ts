import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { baseEnvironment } from '../base-environment.ts';
import { givenEnvironment } from '../time-zone.ts';
import type { ConfigReading } from '../config/config.ts';
import { isFile, listConfigFiles } from '../config/toml/files.ts';
import { FIRST_CONFIG } from '../config/first-config.ts';
import { readConfig, readConfigFiles } from '../config/read-config.ts';
import { isMissing, ownerAbove, resolveHere, type Homes } from '../homes.ts';
import { hardLimits } from '../os/hard-limits.ts';
import { instancesOf } from '../plan/instances.ts';
import type { Named } from '../plan/names.ts';
import { systemWords } from '../text/system-messages.ts';

/**
 * Reads and checks these files, or else the config folder. One file alone is read as `--config FILE` and
 * `run` read it.
 */
export function checkConfig({ config, home }: Homes, files: readonly string[]): ConfigReading {
  const options = { home, base: baseEnvironment(givenEnvironment()), hardLimits };
  const [first = config, ...others] = files.map((file) => resolveHere(file));
  if (others.length > 0) return readConfigFiles([first, ...others], options);
  return files.length === 0 || isFile(first)
    ? readConfig({ dir: first, ...options })
    : readConfigFiles([first], options);
}

/** Where jobs run if the config is a single file; null for a config folder. */
export const folderOfConfig = (config: string): string | null => (isFile(config) ? dirname(config) : null);

/** Every instance that the config folder asks for; none where it has problems. */
export function instancesInConfig(homes: Homes): readonly Named[] {
  const reading = checkConfig(homes, []);
  return reading.ok
    ? instancesOf(reading.config).map(({ name, job }) => ({ name, job: job.name, tags: job.tags }))
    : [];
}

export type FirstConfig =
  | { readonly ok: true; readonly path: string; readonly isNew: boolean }
  | { readonly ok: false; readonly detail: string };

/** The JSON schema by which editors complete and explain the keys; it is part of the package. */
const SCHEMA = new URL('../docs/overseer.schema.json', import.meta.url);

/** Writes the first config unless the folder has a config file already. Never overwrites anything. */
export function writeFirstConfig(dir: string): FirstConfig {
  if (isFile(dir)) return { ok: true, path: dir, isNew: false };
  // `--config` accepts a file wherever it accepts a folder.
  if (dir.endsWith('.toml') && isMissing(dir)) return writeAnew(dir);
  const listed = listConfigFiles(dir);
  if (!listed.ok) return { ok: false, detail: `${dir} ${listed.message}` };
  const [found] = listed.value;
  if (found !== undefined) return { ok: true, path: found, isNew: false };
  return writeAnew(join(dir, 'overseer.toml'));
}

function writeAnew(path: string): FirstConfig {
  const owner = ownerAbove(dirname(path));
  if (owner !== null)
    return {
      ok: false,
      detail:
        `${path} would be in a folder of another user (uid ${owner}), who could not change it: run ` +
        `\`overseer init\` as that user, or set XDG_CONFIG_HOME`,
    };
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${schemaLine()}${FIRST_CONFIG}`, { flag: 'wx' });
    return { ok: true, path, isNew: true };
  } catch (error) {
    return { ok: false, detail: `cannot write ${path}: ${systemWords(error as Error)}` };
  }
}

export type FilesOfConfig =
  | { readonly ok: true; readonly paths: readonly string[] }
  | { readonly ok: false; readonly detail: string };

/** The files of the config; a first one is written if there is none. */
export function filesOfConfig(config: string): FilesOfConfig {
  if (isFile(config)) return { ok: true, paths: [config] };
  const first = writeFirstConfig(config);
  if (!first.ok) return first;
  const listed = listConfigFiles(config);
  return listed.ok ? { ok: true, paths: listed.value } : { ok: false, detail: `${config} ${listed.message}` };
}

/** The comment by which TOML language servers find the schema; nothing where it is not at hand. */
const schemaLine = (): string => (existsSync(SCHEMA) ? `#:schema ${SCHEMA.href}\n\n` : '');
