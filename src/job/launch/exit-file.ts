import { constants } from 'node:fs';
import { constants as system } from 'node:os';
import { dirname } from 'node:path';
import { type FileCalls, realDisk } from '../../files/disk.ts';
import { openOwn } from '../../files/regular-file.ts';
import type { ChildExit } from '../ports.ts';

/** A shell writes a line about the program's end, and the exit code; the file is never longer. */
const LIMIT_BYTES = 4_096;

const ANEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Removes the exit files of an instance's earlier runs. */
export function forgetExits(folder: string, disk: FileCalls = realDisk): void {
  try {
    // Most instances have none, and removing nothing takes four times as long as looking.
    if (disk.lstatSync(folder, { throwIfNoEntry: false }) === undefined) return;
    disk.rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    // Something else stands where the folders of all jobs belong: then there is no record of this one either.
    if ((error as NodeJS.ErrnoException).code !== 'ENOTDIR') throw error;
  }
}

/** Opens the file of a run that is about to begin. */
export function openExitFile(path: string, disk: FileCalls = realDisk): number {
  disk.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return disk.openSync(path, ANEW, 0o600);
}

/**
 * The exit that a shell recorded; null when there is none. An unreadable record counts as none and is logged
 * through `say`.
 */
export function recordedExit(
  path: string,
  say: (line: string) => void = () => {},
  disk: FileCalls = realDisk,
): ChildExit | null {
  try {
    return exitIn(read(path, disk));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') say(`an exit code cannot be read: ${message}`);
    return null;
  }
}

function read(path: string, disk: FileCalls): string {
  const fd = openOwn(path, constants.O_RDONLY, undefined, disk);
  try {
    const block = Buffer.alloc(LIMIT_BYTES);
    return block.toString('latin1', 0, disk.readSync(fd, block, 0, LIMIT_BYTES, 0));
  } finally {
    disk.closeSync(fd);
  }
}

/**
 * The last line is the exit code, or 128 plus the signal. A line before it names the signal, or says "Done"
 * for a normal exit. Without that line only the code is known.
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
