import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isRefusal } from '../../os/system-error.ts';

/** A rotated log, one that is being rotated, or an index that is being written anew, with the log that it belongs to. */
const BESIDE = /^(?<log>.+\.log)\.(?:(?<index>\d+)(?:\.idx)?(?:\.new)?|rotating|idx\.new)$/;

/**
 * Removes what is not to be kept beside the logs of a folder: rotated logs beyond `keep`, also behind a gap, and what an
 * interrupted rotation left. `keeps` says by the name of a log how many of it stay; null for all of them.
 */
export function tidyLogs(folder: string, keeps: ReadonlyMap<string, number | null>): void {
  try {
    for (const name of readdirSync(folder)) {
      const { log = '', index } = BESIDE.exec(name)?.groups ?? {};
      const keep = keeps.get(log);
      if (keep === undefined) continue;
      if (index === undefined || (keep !== null && Number(index) > keep))
        rmSync(join(folder, name), { force: true });
    }
  } catch (error) {
    // Tried again with the next daemon; a rotation tells what the disk says.
    if (!isRefusal(error)) throw error;
  }
}
