import { constants } from 'node:fs';
import { type FileCalls, realDisk } from './disk.ts';
import { kindOf, openOwn, openRegular } from './regular-file.ts';

const { O_APPEND, O_CREAT, O_WRONLY } = constants;
const NOWHERE = '/dev/null';

const FLAGS = O_WRONLY | O_APPEND | O_CREAT;

/**
 * Opens a log of overseer itself for writing; creates it if missing. Throws the error of the file system, or
 * says what else has this name.
 */
export function openLogFile(path: string, disk: FileCalls = realDisk): number {
  return leadsNowhere(path, disk) ? disk.openSync(NOWHERE, 'a') : openOwn(path, FLAGS, undefined, disk);
}

/**
 * Opens the log of a job. Unlike overseer's own logs it may be a link, by which a user keeps the log
 * elsewhere.
 */
export function openJobLog(path: string, disk: FileCalls = realDisk): number {
  return isOwnLink(path, disk) ? openRegular(path, FLAGS, undefined, disk) : openLogFile(path, disk);
}

/**
 * Whether the user has put a link in the place of a log to keep the log elsewhere. Link and target must
 * belong to the user; the target need not exist yet.
 */
export function isOwnLink(path: string, disk: FileCalls = realDisk): boolean {
  const link = disk.lstatSync(path, { throwIfNoEntry: false });
  if (link?.isSymbolicLink() !== true || link.uid !== process.getuid?.()) return false;
  try {
    const target = disk.statSync(path, { throwIfNoEntry: false });
    return target === undefined || (target.isFile() && target.uid === link.uid);
  } catch {
    // A link that leads round in a circle leads to no file.
    return false;
  }
}

/**
 * The kind of what stands in the place of a log, null for nothing. A link by which the user keeps the log
 * elsewhere, or nowhere, counts as a file.
 */
export function kindOfLog(path: string, disk: FileCalls = realDisk): string | null {
  const found = disk.lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  return leadsNowhere(path, disk) || isOwnLink(path, disk) ? 'file' : kindOf(found);
}

/** Whether the user has linked a log that is not wanted to `/dev/null`. */
export function leadsNowhere(path: string, disk: FileCalls = realDisk): boolean {
  try {
    const found = disk.statSync(path, { throwIfNoEntry: false });
    return found?.isCharacterDevice() === true && found.rdev === disk.statSync(NOWHERE).rdev;
  } catch {
    // The caller that opens the file reports the error.
    return false;
  }
}
