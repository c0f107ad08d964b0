import type { Disk } from '../../src/state/disk.ts';

/** What a disk was asked for, one text a call, and how it answers. */
interface NotingDisk {
  readonly disk: Disk;
  readonly calls: string[];
}

/** A disk that keeps nothing: it notes each call, and does what `answers` has for it. */
export function notingDisk(answers: Partial<Disk> = {}): NotingDisk {
  const calls: string[] = [];
  const usual: Disk = {
    open: () => 3,
    create: () => 4,
    write: (_fd, bytes) => bytes.length,
    truncate: () => undefined,
    sync: () => undefined,
    datasync: () => Promise.resolve(),
    syncFolder: () => undefined,
    rename: () => undefined,
    copy: () => undefined,
    remove: () => undefined,
    close: () => undefined,
  };
  const noting = Object.entries({ ...usual, ...answers }).map(([name, act]) => [
    name,
    (...args: readonly unknown[]): unknown => {
      const words = args.map((arg) => (Buffer.isBuffer(arg) ? `${arg.length} bytes` : String(arg)));
      calls.push([name, ...words].join(' '));
      return (act as (...args: readonly unknown[]) => unknown)(...args);
    },
  ]);
  return { disk: Object.fromEntries(noting) as Disk, calls };
}
