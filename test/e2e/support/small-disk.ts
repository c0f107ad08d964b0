import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file system of its own, where this user may mount one. */
export class SmallDisk {
  readonly path: string;
  readonly #filler: string;

  /** Throws what `mount` says. */
  constructor(path: string, kilobytes: number) {
    this.path = path;
    this.#filler = join(path, 'filler');
    mkdirSync(path, { recursive: true });
    mount('-t', 'tmpfs', '-o', `size=${kilobytes}k,mode=700`, 'tmpfs', path);
  }

  /** Takes all the room that is left. */
  fill(): void {
    for (const size of [64 * 1024, 4096, 256, 1]) {
      try {
        for (;;) writeFileSync(this.#filler, Buffer.alloc(size), { flag: 'a' });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  }

  free(): void {
    rmSync(this.#filler, { force: true });
  }

  setReadOnly(isReadOnly: boolean): void {
    mount('-o', isReadOnly ? 'remount,ro' : 'remount,rw', this.path);
  }

  /** Goes even while files on it are open. */
  remove(): void {
    spawnSync('umount', ['-l', this.path]);
  }
}

/** Why no disk can be mounted here; null when one can. */
export function whyNoDisk(): string | null {
  const path = `/tmp/overseer-disk-${process.pid}`;
  try {
    new SmallDisk(path, 64).remove();
    return null;
  } catch (error) {
    return (error as Error).message;
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

function mount(...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync('mount', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(error?.message ?? stderr.trim());
}
