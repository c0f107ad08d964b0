import { join } from 'node:path';
import { type FileCalls, realDisk } from '../../files/disk.ts';
import { isRefusal } from '../../os/system-error.ts';

/** The name of a rotated log, an unfinished rotation or an index, with the log that it belongs to. */
const BESIDE = /^(?<log>.+\.log)\.(?:(?<index>\d+)(?:\.idx)?(?:\.new)?|rotating|idx\.new)$/;

/**
 * Removes superfluous files beside the logs of a folder: rotated logs beyond `keep`, also after a gap, and
 * the rest of an interrupted rotation. `keeps` gives the number of old files for each log; null keeps all.
 */
export function tidyLogs(
  folder: string,
  keeps: ReadonlyMap<string, number | null>,
  disk: FileCalls = realDisk,
): void {
  try {
    for (const name of disk.readdirSync(folder)) {
      const { log = '', index } = BESIDE.exec(name)?.groups ?? {};
      const keep = keeps.get(log);
      if (keep === undefined) continue;
      if (index === undefined || (keep !== null && Number(index) > keep))
        disk.rmSync(join(folder, name), { force: true });
    }
  } catch (error) {
    // The next daemon tries again; a rotation reports the error.
    if (!isRefusal(error)) throw error;
  }
}
