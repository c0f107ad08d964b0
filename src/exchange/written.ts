import { existsSync, linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { readConfigFiles, type ReadOptions } from '../config/read-config.ts';
import type { Problem } from '../config/config.ts';
import { parsed } from '../config/result.ts';
import { isFile, listConfigFiles } from '../config/toml/files.ts';
import { systemWords } from '../text/system-messages.ts';

/** What is wrong with a config of this text alone; nothing where an import is as it should be. */
export function problemsOf(text: string, options: ReadOptions): readonly Problem[] {
  const folder = mkdtempSync(join(tmpdir(), 'overseer-import-'));
  const file = join(folder, 'imported.toml');
  try {
    writeFileSync(file, text);
    const reading = readConfigFiles([file], options);
    return reading.ok ? [] : reading.problems;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export type Written =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly code: 'there-already' | 'unwritable'; readonly message: string }
  | { readonly ok: false; readonly code: 'config'; readonly problems: readonly Problem[] };

/**
 * Writes a file into the config folder, or the config itself where that is one file, as in a project. It
 * never writes over a file, nor what would make the whole have problems.
 */
export function writeImported(config: string, name: string, text: string, options: ReadOptions): Written {
  const isOneFile = isFile(config) || (config.endsWith('.toml') && !existsSync(config));
  const dir = isOneFile ? dirname(config) : config;
  const path = isOneFile ? config : join(dir, name);
  // Hidden files are no part of a config.
  const temporary = join(dir, `.${basename(path)}.${process.pid}`);
  try {
    mkdirSync(dir, { recursive: true });
    const listed = isOneFile ? parsed([config].filter(isFile)) : listConfigFiles(dir);
    if (!listed.ok) return { ok: false, code: 'unwritable', message: `${dir} ${listed.message}` };
    if (listed.value.includes(path)) return thereAlready(path, isOneFile);
    writeFileSync(temporary, text, { flag: 'wx' });
    try {
      const reading = readConfigFiles([...listed.value, temporary], options);
      if (!reading.ok)
        return {
          ok: false,
          code: 'config',
          problems: reading.problems.map((each) => ({
            ...each,
            file: each.file === temporary ? path : each.file,
          })),
        };
      // Fails where somebody else has just written one.
      linkSync(temporary, path);
      return { ok: true, path };
    } finally {
      rmSync(temporary, { force: true });
    }
  } catch (error) {
    return { ok: false, code: 'unwritable', message: `cannot write ${path}: ${systemWords(error as Error)}` };
  }
}

const thereAlready = (path: string, isOneFile: boolean): Written => ({
  ok: false,
  code: 'there-already',
  message:
    `${path} is there already; nothing was written` +
    (isOneFile ? '; without --write the jobs are printed, to be added to it' : ''),
});

/** Writes files that are not there yet, all or none. Null when it is done, else why not. */
export function writeFiles(
  dir: string,
  files: readonly { readonly name: string; readonly text: string }[],
): string | null {
  const there = files.find(({ name }) => existsSync(join(dir, name)));
  if (there !== undefined) return `${join(dir, there.name)} is there already; nothing was written`;
  try {
    mkdirSync(dir, { recursive: true });
    for (const { name, text } of files) writeFileSync(join(dir, name), text, { flag: 'wx' });
    return null;
  } catch (error) {
    return `cannot write to ${dir}: ${systemWords(error as Error)}`;
  }
}
