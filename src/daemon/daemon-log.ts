import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import type { DaemonLog } from '../job/ports.ts';

/** The log's size at which it starts anew; one older one is kept beside it. */
const MAX_BYTES = 10 * 1024 * 1024;

/** `overseerd.log`: one line an event, with the time first. A line that cannot be written is lost, never the daemon. */
export function openDaemonLog(path: string, echo: (line: string) => void): DaemonLog {
  let fd = openSync(path, 'a', 0o600);
  let bytes = fstatSync(fd).size;
  return {
    line: (text) => {
      const shown = `${new Date().toISOString()} ${text.replaceAll('\n', ' ')}\n`;
      const line = Buffer.from(shown);
      echo(shown);
      try {
        if (bytes + line.length > MAX_BYTES) {
          renameSync(path, `${path}.1`);
          closeSync(fd);
          fd = openSync(path, 'a', 0o600);
          bytes = 0;
        }
        bytes += writeSync(fd, line);
      } catch (error) {
        echo(`overseerd: ${path}: ${(error as Error).message}\n`);
      }
    },
  };
}
