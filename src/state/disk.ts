import fs from 'node:fs';
import { promisify } from 'node:util';
import { isRefusal } from '../os/system-error.ts';

/** All that the journal does to the disk; each call throws what the disk says. */
export interface Disk {
  /** Opens for appending. */
  open(path: string): number;
  /** Opens a new, empty file for appending, in place of any that is there. */
  create(path: string): number;
  /** One write(2); returns how many bytes were taken. */
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
  /** The one that never throws. */
  close(fd: number): void;
}

const OWNER_ONLY = 0o600;
const { O_APPEND, O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY } = fs.constants;

export const realDisk: Disk = {
  open: (path) => {
    const fd = fs.openSync(path, O_WRONLY | O_APPEND);
    fs.fchmodSync(fd, OWNER_ONLY);
    return fd;
  },
  create: (path) => fs.openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_TRUNC | O_NOFOLLOW, OWNER_ONLY),
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
      // What the file held is synced or given up by now: a late EIO tells nothing new.
      if (!isRefusal(error)) throw error;
    }
  },
};
