import fs from 'node:fs';
import { promisify } from 'node:util';
import { isRefusal } from '../os/system-error.ts';

/** Every file operation of the journal. Each call but `close` throws the error of the file system. */
export interface Disk {
  /** Opens for appending. */
  open(path: string): number;
  /** Opens a new, empty file for appending, in place of any that is there. */
  create(path: string): number;
  /** One write(2); returns the number of bytes written. */
  write(fd: number, bytes: Buffer): number;
  truncate(fd: number, size: number): void;
  /** Returns when the file's content is on the disk. */
  sync(fd: number): void;
  datasync(fd: number): Promise<void>;
  /** Returns when the names in the folder are on the disk. */
  syncFolder(path: string): void;
  rename(from: string, to: string): void;
  copy(from: string, to: string): void;
  remove(path: string): void;
  /** Never throws. */
  close(fd: number): void;
}

const OWNER_ONLY = 0o600;
const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = fs.constants;

export const realDisk: Disk = {
  open: (path) => {
    // Something else may stand there by now, and to open a FIFO is to wait for its reader.
    const fd = fs.openSync(path, O_WRONLY | O_APPEND | O_NONBLOCK);
    fs.fchmodSync(fd, OWNER_ONLY);
    return fd;
  },
  create: (path) => {
    removeFile(path);
    return fs.openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, OWNER_ONLY);
  },
  write: (fd, bytes) => fs.writeSync(fd, bytes),
  truncate: fs.ftruncateSync,
  sync: fs.fsyncSync,
  datasync: promisify(fs.fdatasync),
  syncFolder: (path) => {
    const fd = fs.openSync(path, 'r');
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  },
  rename: fs.renameSync,
  copy: fs.copyFileSync,
  remove: (path) => fs.rmSync(path, { force: true }),
  close: (fd) => {
    try {
      fs.closeSync(fd);
    } catch (error) {
      // The content is synced or given up by now, so a late EIO changes nothing.
      if (!isRefusal(error)) throw error;
    }
  },
};

/** Whatever stands there, but for a folder: what is made there next is then refused. */
function removeFile(path: string): void {
  try {
    fs.unlinkSync(path);
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}
