import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import type { LockResult } from '../os.ts';
import { isRefusal } from '../system-error.ts';

/**
 * Opens the file and takes its lock; what it returns says how that went. The descriptor is closed unless it
 * is ours.
 */
export type TakeLock = (
  path: string,
) => { readonly fd: number } | { readonly busy: string } | { readonly error: string };

/** The file may be replaced between opening and locking it: then the lock is on nothing, and we try again. */
const LOCK_ATTEMPTS = 5;

/** Takes the lock on the very file that is at `path` now. */
export function lockFile(path: string, take: TakeLock): LockResult {
  for (let attempt = 0; attempt < LOCK_ATTEMPTS; attempt += 1) {
    const taken = take(path);
    if ('busy' in taken) return { ok: false, reason: 'busy', message: taken.busy };
    if ('error' in taken) return { ok: false, reason: 'error', message: taken.error };
    const place = placeOf(path, taken.fd);
    if (place === 'here')
      return { ok: true, release: releaseOnce(taken.fd), holds: () => isStillAt(path, taken.fd) };
    closeSync(taken.fd);
    if (place !== 'elsewhere')
      return { ok: false, reason: 'error', message: `cannot lock ${path}: ${place.message}` };
  }
  return {
    ok: false,
    reason: 'error',
    message: `cannot lock ${path}: the file is being replaced again and again`,
  };
}

/** Opens a lock file, made if missing; the flags are added to those for reading and writing. */
export function openLockFile(
  path: string,
  flags: number,
): { readonly fd: number } | { readonly code: string; readonly error: string } {
  try {
    return { fd: openSync(path, flags, 0o600) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { code: code ?? '', error: `cannot lock ${path}: ${message}` };
  }
}

function placeOf(path: string, fd: number): 'here' | 'elsewhere' | Error {
  try {
    return isAt(path, fd) ? 'here' : 'elsewhere';
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return error;
  }
}

function isAt(path: string, fd: number): boolean {
  const held = fstatSync(fd);
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.ino === held.ino && found.dev === held.dev;
}

/**
 * A look that the system refuses, such as in a folder that was closed for a moment, proves nothing: the lock
 * is still ours.
 */
function isStillAt(path: string, fd: number): boolean {
  try {
    return isAt(path, fd);
  } catch (error) {
    if (isRefusal(error)) return true;
    throw error;
  }
}

/** A second release must not close a descriptor that is someone else's by then. */
function releaseOnce(fd: number): () => void {
  let held = true;
  return () => {
    if (held) closeSync(fd);
    held = false;
  };
}
