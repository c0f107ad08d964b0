import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importFiles } from '../../../src/exchange/read-import.ts';

interface ImportOf {
  readonly toml: string;
  /** Such as `3: tty is left out`, of all files. */
  readonly remarks: readonly string[];
}

/**
 * Imports these files, given by name, with `environment` as the shell's variables and the files `beside` in
 * the same folder.
 */
export function importOf(
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
  beside: Readonly<Record<string, string>> = {},
): ImportOf {
  const folder = mkdtempSync(join(tmpdir(), 'overseer-import-'));
  try {
    for (const [name, text] of Object.entries({ ...files, ...beside }))
      writeFileSync(join(folder, name), text);
    const result = importFiles(
      Object.keys(files).map((name) => join(folder, name)),
      { format: null, trust: false, home: '/home/ann', environment },
    );
    return {
      toml: result.ok ? result.toml.replaceAll(folder, '/x') : result.message,
      remarks: result.remarks.map(
        ({ line, message }) => `${line ?? '-'}: ${message.replaceAll(folder, '/x')}`,
      ),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
