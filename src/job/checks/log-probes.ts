import { constants } from 'node:fs';
import { type FileCalls, realDisk } from '../../files/disk.ts';
import { kindOfLog } from '../../files/open-log-file.ts';
import { openRegular } from '../../files/regular-file.ts';
import type { Probes } from '../ports.ts';

/** What probes read of the logs on this disk. */
export function logProbes(
  disk: FileCalls = realDisk,
): Pick<Probes, 'logSize' | 'logId' | 'logKind' | 'readLog'> {
  return {
    logSize: (path) => orUnknown(null, () => disk.statSync(path, { throwIfNoEntry: false })?.size ?? 0),
    logId: (path) =>
      orUnknown(null, () => {
        const found = disk.statSync(path, { throwIfNoEntry: false });
        // The inode number alone is not enough: it may be given to another file when this one is removed.
        return found === undefined ? '' : `${found.ino} ${found.mtimeMs}`;
      }),
    logKind: (path) => orUnknown('file', () => kindOfLog(path, disk)),
    readLog: (path, from, limit) =>
      orUnknown(null, () => {
        const fd = openRegular(path, constants.O_RDONLY, undefined, disk);
        try {
          const block = Buffer.allocUnsafe(limit);
          return block.subarray(0, disk.readSync(fd, block, 0, limit, from));
        } finally {
          disk.closeSync(fd);
        }
      }),
  };
}

/** Without a free descriptor, say, nobody can tell just now; the next look may. */
function orUnknown<T, U>(unknown: U, tell: () => T): T | U {
  try {
    return tell();
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === 'string') return unknown;
    throw error;
  }
}
