import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConfigReading } from '../../src/config/config.ts';
import { readConfig } from '../../src/config/read-config.ts';

/** What reading a config folder comes to that holds just this file `a.toml`, or these files. */
export function readText(files: string | Readonly<Record<string, string>>, home = '/home/me'): ConfigReading {
  const dir = mkdtempSync(join(tmpdir(), 'overseer-config-'));
  try {
    for (const [name, text] of Object.entries(typeof files === 'string' ? { 'a.toml': files } : files))
      writeFileSync(join(dir, name), text);
    return readConfig({ dir, home });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Line, column and message of each problem. */
export function problemsIn(files: string | Readonly<Record<string, string>>): readonly string[] {
  const reading = readText(files);
  return reading.ok
    ? []
    : reading.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}
