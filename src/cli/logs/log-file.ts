import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';

/** An open log, read by offset. */
export interface LogFile {
  readonly fd: number;
  readonly ino: number;
}

/** Opens a log; null when it cannot be read. Never blocks, as opening a FIFO would. */
export function openLog(path: string): LogFile | null {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(fd);
    if (stats.isFile()) return { fd, ino: stats.ino };
    closeSync(fd);
    return null;
  } catch {
    // The log does not exist, or no longer.
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

/** The inode at a path; null for none. */
export const inodeAt = (path: string): number | null => statsAt(path)?.ino ?? null;

/**
 * Tells the file at a path from all others, also after a rename; null for none. The inode alone is given to
 * the next new file once a log is deleted.
 */
export function idAt(path: string): string | null {
  const stats = statsAt(path);
  return stats === null ? null : `${stats.ino} ${stats.birthtimeMs}`;
}

function statsAt(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}
