import { constants, lstatSync, openSync, statSync } from 'node:fs';
import { openOwn, openRegular } from './regular-file.ts';

const { O_APPEND, O_CREAT, O_WRONLY } = constants;
const NOWHERE = '/dev/null';

const FLAGS = O_WRONLY | O_APPEND | O_CREAT;

/** Opens a log of overseer's own for writing, made if missing. Throws what the disk says, or that something else stands there. */
export function openLogFile(path: string): number {
  return leadsNowhere(path) ? openSync(NOWHERE, 'a') : openOwn(path, FLAGS);
}

/** The same for the log of a job, which its user may keep elsewhere by a link. */
export function openJobLog(path: string): number {
  return isOwnLink(path) ? openRegular(path, FLAGS) : openLogFile(path);
}

/**
 * Whether a link stands in the place of a log that the user has put there to keep the log elsewhere: the link is the user's
 * own, and so is the file that it leads to, unless that is still to be made.
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

/** Whether the user has put `/dev/null`, or a link to it, in the place of a log that nobody wants. */
export function leadsNowhere(path: string): boolean {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found?.isCharacterDevice() === true && found.rdev === statSync(NOWHERE).rdev;
  } catch {
    // Whoever opens it hears why.
    return false;
  }
}
