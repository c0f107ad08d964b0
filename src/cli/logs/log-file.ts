import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** An open log, read by offset. */
export interface LogFile {
  readonly fd: number;
  readonly ino: number;
}

/** Opens a log; null when there is none that can be read. Never waits, as for the writer of a pipe. */
export function openLog(path: string): LogFile | null {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(fd);
    if (stats.isFile()) return { fd, ino: stats.ino };
    closeSync(fd);
    return null;
  } catch {
    // Not there yet, or gone.
    return null;
  }
}

export const closeLog = ({ fd }: LogFile): void => closeSync(fd);

export const sizeOf = ({ fd }: LogFile): number => fstatSync(fd).size;

/** The bytes at an offset; fewer, or none, at the end. */
export function readAt({ fd }: LogFile, at: number, most: number): Buffer {
  const block = Buffer.allocUnsafe(most);
  return block.subarray(0, readSync(fd, block, 0, most, at));
}

/** Which file stands under this name now; null for none. */
export function inodeAt(path: string): number | null {
  try {
    return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
  } catch {
    return null;
  }
}
