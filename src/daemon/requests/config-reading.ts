import type { ConfigReading } from '../../config/config.ts';

export interface Expected {
  readonly dir: string;
  /** How many jobs are known already. */
  readonly known: number;
  readonly allowEmpty: boolean;
}

/** The reading, or a problem where no config file is there although jobs are known: a lost folder must not stop everything. */
export function configReading(reading: ConfigReading, { dir, known, allowEmpty }: Expected): ConfigReading {
  if (!reading.ok || reading.files.length > 0 || allowEmpty || known === 0) return reading;
  const message = `no config file is here, but ${known} ${known === 1 ? 'job is' : 'jobs are'} known; a lost folder must not stop everything: bring it back, or say \`overseer apply --allow-empty\``;
  return { ok: false, files: [], problems: [{ file: dir, line: 1, column: 1, message }] };
}
