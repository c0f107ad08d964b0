import type { Stats } from 'node:fs';
import { type FileCalls, realDisk } from '../../files/disk.ts';
import { isOwnLink, leadsNowhere } from '../../files/open-log-file.ts';
import { kindOf } from '../../files/regular-file.ts';
import { isRefusal } from '../../os/system-error.ts';

/** Size and times of a log; null where there is none or the user wants none; or the error as text. */
export function logStats(path: string, disk: FileCalls = realDisk): Stats | string | null {
  try {
    const stats = disk.lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined || stats.isFile()) return stats ?? null;
    if (leadsNowhere(path, disk)) return null;
    return isOwnLink(path, disk)
      ? (disk.statSync(path, { throwIfNoEntry: false }) ?? null)
      : `it is a ${kindOf(stats)}`;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return error.message;
  }
}
