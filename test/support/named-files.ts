import { closeSync, openSync } from 'node:fs';
import { realDisk, type FileCalls } from '../../src/files/disk.ts';

export interface NamedFiles {
  /** Files that are open, each with what it stands for. */
  readonly open: Map<number, string>;
  /** The disk that knows what is open; each of its calls can be replaced. */
  readonly disk: { -readonly [Call in keyof FileCalls]: FileCalls[Call] };
  /** Opens a file that stands for something else, such as an end of a pipe. */
  readonly stand: (name: string) => number;
}

/** Files on the real disk, but for those of /proc, which only stand for what they are called. */
export function namedFiles(): NamedFiles {
  const open = new Map<number, string>();
  const stand = (name: string): number => {
    const fd = openSync('/dev/null', 'r');
    open.set(fd, name);
    return fd;
  };
  const disk: NamedFiles['disk'] = {
    ...realDisk,
    openSync: (file, ...rest) => {
      if (String(file).startsWith('/proc/')) return stand(String(file).replace(/\d+$/, 'N'));
      const fd = realDisk.openSync(file, ...rest);
      open.set(fd, String(file));
      return fd;
    },
    closeSync: (fd) => {
      open.delete(fd);
      closeSync(fd);
    },
  };
  return { open, disk, stand };
}
