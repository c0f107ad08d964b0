import { constants, lstatSync, openSync, statSync } from 'node:fs';
import { openOwn, openRegular } from './regular-file.ts';

const { O_APPEND, O_CREAT, O_WRONLY } = constants;
const NOWHERE = '/dev/null';

const FLAGS = O_WRONLY | O_APPEND | O_CREAT;

/**
 * Opens a log of overseer itself for writing; creates it if missing. Throws the error of the file system, or
 * says what else has this name.
 */
export function openLogFile(path: string): number {
  return leadsNowhere(path) ? openSync(NOWHERE, 'a') : openOwn(path, FLAGS);
}

/**
 * Opens the log of a job. Unlike overseer's own logs it may be a link, by which a user keeps the log
 * elsewhere.
 */
export function openJobLog(path: string): number {
  return isOwnLink(path) ? openRegular(path, FLAGS) : openLogFile(path);
}

/**
 * Whether the user has put a link in the place of a log to keep the log elsewhere. Link and target must
 * belong to the user; the target need not exist yet.
 */
export function isOwnLink(path: string): boolean {
  const link = lstatSync(path, { throwIfNoEntry: false });
  if (link?.isSymbolicLink() !== true || link.uid !== process.getuid?.()) return false;
  try {
    const target = statSync(path, { throwIfNoEntry: false });
    return target === undefined || (target.isFile() && target.uid === link.uid);
  } catch {
    // A link that leads round in a circle leads to no file.
    return false;
  }
}

/** Whether the user has linked a log that is not wanted to `/dev/null`. */
export function leadsNowhere(path: string): boolean {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found?.isCharacterDevice() === true && found.rdev === statSync(NOWHERE).rdev;
  } catch {
    // The caller that opens the file reports the error.
    return false;
  }
}
