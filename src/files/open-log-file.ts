import { constants, openSync, statSync } from 'node:fs';
import { openOwn } from './regular-file.ts';

const { O_APPEND, O_CREAT, O_WRONLY } = constants;
const NOWHERE = '/dev/null';

/** Opens a log for writing, made if missing. Throws what the disk says, or that something else stands in its place. */
export function openLogFile(path: string): number {
  return leadsNowhere(path) ? openSync(NOWHERE, 'a') : openOwn(path, O_WRONLY | O_APPEND | O_CREAT);
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
