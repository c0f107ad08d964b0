import type { ConfigReading } from '../../../config/config.ts';
import type { RequestContext, RequestNamed } from '../context.ts';

export interface AcceptOptions {
  readonly dir: string;
  /** How many jobs the daemon knows already. */
  readonly known: number;
  readonly allowEmpty: boolean;
}

/**
 * Returns the reading, or a problem where no config file exists although jobs are known: a lost folder must
 * not stop everything.
 */
export function acceptConfig(
  reading: ConfigReading,
  { dir, known, allowEmpty }: AcceptOptions,
): ConfigReading {
  if (!reading.ok || reading.files.length > 0 || allowEmpty || known === 0) return reading;
  const message =
    `no config file is here, but ${known} ${known === 1 ? 'job is' : 'jobs are'} known; a lost ` +
    'folder must not stop everything: ' +
    'bring it back, or say `overseer apply --allow-empty`';
  return { ok: false, files: [], problems: [{ file: dir, line: 1, column: 1, message, isFolder: true }] };
}

/** Reads the config for a trigger or a plan. */
export function readAccepted(
  { readConfig, fleet }: RequestContext,
  { configDir, allowEmpty }: RequestNamed<'apply' | 'plan'>,
): ConfigReading | Promise<ConfigReading> {
  const accept = (reading: ConfigReading): ConfigReading =>
    acceptConfig(reading, { dir: configDir, known: fleet.all.length, allowEmpty });
  const read = readConfig(configDir);
  return read instanceof Promise ? read.then(accept) : accept(read);
}
