import { basename, dirname, join } from 'node:path';
import { rotatedLog } from '../../data-folder.ts';
import { type FileCalls, realDisk } from '../../files/disk.ts';
import { isRefusal } from '../../os/system-error.ts';

/** The name of a rotated log, an unfinished rotation or an index, with the log that it belongs to. */
const BESIDE = /^(?<log>.+\.log)\.(?:(?<index>\d+)(?:\.idx)?(?:\.new)?|rotating|idx\.new)$/;

/** Removes the rotated logs of one log beyond `keep`; looks at the folder only where there is such a one. */
export function dropSurplus(path: string, keep: number, disk: FileCalls = realDisk): void {
  try {
    if (!disk.existsSync(rotatedLog(path, keep + 1))) return;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return;
  }
  tidyLogs(dirname(path), new Map([[basename(path), keep]]), disk);
}

/**
 * Removes superfluous files beside the logs of a folder: rotated logs beyond `keep`, also after a gap, and
 * the rest of an interrupted rotation. `keeps` gives the number of old files for each log; null keeps all.
 * False if the disk refuses.
 */
export function tidyLogs(
  folder: string,
  keeps: ReadonlyMap<string, number | null>,
  disk: FileCalls = realDisk,
): boolean {
  try {
    for (const name of disk.readdirSync(folder)) {
      const { log = '', index } = BESIDE.exec(name)?.groups ?? {};
      const keep = keeps.get(log);
      if (keep === undefined) continue;
      if (index === undefined || (keep !== null && Number(index) > keep))
        disk.rmSync(join(folder, name), { force: true });
    }
    return true;
  } catch (error) {
    // A rotation reports the error.
    if (!isRefusal(error)) throw error;
    return false;
  }
}
