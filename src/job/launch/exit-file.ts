import { closeSync, constants, mkdirSync, openSync, readSync, rmSync } from 'node:fs';
import { constants as system } from 'node:os';
import { dirname } from 'node:path';
import { openOwn } from '../../files/regular-file.ts';
import type { ChildExit } from '../ports.ts';

/** A shell says a line of why a program ended, and then its code; more is not its work. */
const LIMIT_BYTES = 4_096;

const ANEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Removes what earlier runs of an instance have left. */
export function forgetExits(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    // Something else stands where the folders of all jobs belong: then there is no record of this one either.
    if ((error as NodeJS.ErrnoException).code !== 'ENOTDIR') throw error;
  }
}

/** Opens the file of a run that is about to begin. */
export function openExitFile(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return openSync(path, ANEW, 0o600);
}

/** What a shell that stayed recorded of its program's exit; null when there is nothing. A record that cannot be read is nothing, and `say` hears why. */
export function recordedExit(path: string, say: (line: string) => void = () => {}): ChildExit | null {
  try {
    return exitIn(read(path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') say(`an exit code cannot be read: ${message}`);
    return null;
  }
}

function read(path: string): string {
  const fd = openOwn(path, constants.O_RDONLY);
  try {
    const block = Buffer.alloc(LIMIT_BYTES);
    return block.toString('latin1', 0, readSync(fd, block, 0, LIMIT_BYTES, 0));
  } finally {
    closeSync(fd);
  }
}

/**
 * The last line is the code, which is 128 and its number where a signal has killed the program. A line before it names the
 * signal, or says "Done" of a program that ended by itself. Without such a line the code is all that is known.
 */
function exitIn(text: string): ChildExit | null {
  const [, words, digits] = /^((?:[^]*\n)?)(\d{1,3})\n$/.exec(text) ?? [];
  if (words === undefined || digits === undefined) return null;
  const code = Number(digits);
  const signal = words !== '' && !words.includes('Done') ? signalOf(code - 128) : null;
  return signal === null ? { code, signal: null } : { code: null, signal };
}

function signalOf(number: number): string | null {
  return Object.entries(system.signals).find(([, value]) => value === number)?.[0] ?? null;
}
