import { closeSync, fstatSync, ftruncateSync, renameSync, writeSync } from 'node:fs';
import { openLogFile } from '../files/open-log-file.ts';
import type { DaemonLog } from '../job/ports.ts';
import { isRefusal } from '../os/system-error.ts';
import { printable } from '../text/printable.ts';

/** At this size a new log is begun; one older log is kept beside it. */
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * `overseerd.log`: one line an event, with the time first. A line that cannot be written is lost, never the
 * daemon. Throws when it cannot be opened at first.
 */
export function openDaemonLog(path: string, echo: (line: string) => void, maxBytes = MAX_BYTES): DaemonLog {
  let opened: Opened | null = open(path);
  return {
    line: (text) => {
      const shown = `${new Date().toISOString()} ${printable(text.replaceAll('\n', ' '))}\n`;
      const line = Buffer.from(shown);
      echo(shown);
      try {
        if (opened !== null && opened.bytes + line.length > maxBytes) {
          moveAway(path, opened.fd);
          closeSync(opened.fd);
          opened = null;
        }
        // The obstacle at this path may be gone by now.
        opened ??= open(path);
        opened.bytes += writeSync(opened.fd, line);
      } catch (error) {
        echo(`overseerd: ${path}: ${(error as Error).message}\n`);
      }
    },
  };
}

interface Opened {
  readonly fd: number;
  bytes: number;
}

function open(path: string): Opened {
  const fd = openLogFile(path);
  return { fd, bytes: fstatSync(fd).size };
}

/** If the log cannot be renamed it is truncated, since it must not grow for ever. */
function moveAway(path: string, fd: number): void {
  try {
    renameSync(path, `${path}.1`);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    ftruncateSync(fd, 0);
  }
}
