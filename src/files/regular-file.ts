import { constants, type Stats } from 'node:fs';
import { type FileCalls, realDisk } from './disk.ts';

const { O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** Thrown for a path that is not a regular file. It counts as a refusal by the world. */
export class NotARegularFile extends Error {
  override readonly name = 'NotARegularFile';
  readonly code = 'ENOTREG';
  readonly syscall = 'open';
  readonly kind: string;

  constructor(path: string, kind: string) {
    super(`${path} is a ${kind}, not a regular file: move it away`);
    this.kind = kind;
  }
}

/**
 * A file that others wait for must be refused, not waited for: opening a FIFO returns when the other end is
 * opened.
 */
export function openRegular(path: string, flags: number, mode = 0o600, disk: FileCalls = realDisk): number {
  // Checked before opening, because opening a device can have effects.
  refuseOther(path, disk.statSync(path, { throwIfNoEntry: false }));
  const fd = disk.openSync(path, flags | O_NONBLOCK | O_NOCTTY, mode);
  try {
    // Something else may have taken the name since.
    refuseOther(path, disk.fstatSync(fd));
    return fd;
  } catch (error) {
    disk.closeSync(fd);
    throw error;
  }
}

/**
 * Opens a file that only overseer creates. A link is refused: it could redirect the writing to another file.
 */
export function openOwn(path: string, flags: number, mode = 0o600, disk: FileCalls = realDisk): number {
  if (disk.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true)
    throw new NotARegularFile(path, 'symbolic link');
  return openRegular(path, flags | O_NOFOLLOW, mode, disk);
}

/** The first bytes of a regular file, at most `maxBytes`. Throws the error of the file system. */
export function readRegular(path: string, maxBytes: number, disk: FileCalls = realDisk): Buffer {
  const fd = openRegular(path, O_RDONLY, undefined, disk);
  try {
    const bytes = Buffer.allocUnsafe(Math.min(maxBytes, Math.max(disk.fstatSync(fd).size, 1)));
    let length = 0;
    for (let read = 1; read > 0 && length < bytes.length; length += read)
      read = disk.readSync(fd, bytes, length, bytes.length - length, length);
    return bytes.subarray(0, length);
  } finally {
    disk.closeSync(fd);
  }
}

/** The size of a regular file; null when there is none or it may not be read. */
export function sizeOfRegular(path: string, disk: FileCalls = realDisk): number | null {
  try {
    const found = disk.statSync(path, { throwIfNoEntry: false });
    return found?.isFile() === true ? found.size : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return null;
  }
}

/** A word for the kind of a file. */
export function kindOf(stats: Stats): string {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  if (stats.isFIFO()) return 'FIFO';
  if (stats.isSymbolicLink()) return 'symbolic link';
  return stats.isSocket() ? 'socket' : 'device';
}

function refuseOther(path: string, stats: Stats | undefined): void {
  if (stats !== undefined && !stats.isFile()) throw new NotARegularFile(path, kindOf(stats));
}
