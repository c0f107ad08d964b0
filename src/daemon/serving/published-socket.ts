import { lstatSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readRegular } from '../../files/regular-file.ts';
import type { SocketFile } from '../../wire/socket-file.ts';
import { formatSocketFile } from '../../wire/socket-file.ts';

/** More than a socket file ever holds. */
const SOCKET_FILE_BYTES = 64 * 1024;

/** The socket file of a listening daemon. */
export interface PublishedSocket {
  /** Writes it again if it is gone or another; false when that cannot be done. */
  renew(): boolean;
  /** Removes the file if it is still ours; returns the error of the file system, or null. */
  remove(): string | null;
}

/** Writes the socket file atomically and only readable by this user. Throws the error of the file system. */
export function publishSocket(path: string, file: SocketFile): PublishedSocket {
  const content = formatSocketFile(file);
  const write = (): void => {
    const draft = `${path}.${process.pid}`;
    rmSync(draft, { force: true });
    writeFileSync(draft, content, { mode: 0o600, flag: 'wx' });
    renameSync(draft, path);
  };
  const isReplaced = (): boolean => lstatSync(path, { throwIfNoEntry: false })?.isFile() === false;
  removeDrafts(path);
  write();
  return {
    renew: () => {
      try {
        if (isReplaced() || contentOf(path) !== content) write();
        return true;
      } catch {
        return false;
      }
    },
    remove: () => {
      try {
        if (contentOf(path) === content) rmSync(path, { force: true });
        return null;
      } catch (error) {
        return (error as Error).message;
      }
    },
  };
}

/**
 * Removes drafts of daemons that were killed while writing one. The caller holds the lock, so no other daemon
 * writes now.
 */
function removeDrafts(path: string): void {
  const begin = `${basename(path)}.`;
  const left = readdirSync(dirname(path)).filter(
    (name) => name.startsWith(begin) && /^\d+$/.test(name.slice(begin.length)),
  );
  for (const name of left) rmSync(join(dirname(path), name), { force: true });
}

/** Null where no file exists. Throws the error of the file system, or that something else has this name. */
function contentOf(path: string): string | null {
  try {
    return readRegular(path, SOCKET_FILE_BYTES).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
