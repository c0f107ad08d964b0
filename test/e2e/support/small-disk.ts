import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A file system of its own, where this user may mount one. */
export class SmallDisk {
  readonly path: string;
  readonly #filler: string;

  /** Mounts the disk; throws what `mount` printed if that fails. */
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

  /** Unmounts the disk, even while files on it are open. */
  remove(): void {
    spawnSync('umount', ['-l', this.path]);
  }
}

/** A file system whose writers can be made to wait, so that not even SIGKILL ends them. */
export class FreezableDisk {
  readonly path: string;

  /** Throws what the system says. */
  constructor(path: string) {
    this.path = path;
    const image = `${path}.image`;
    mkdirSync(path, { recursive: true });
    writeFileSync(image, Buffer.alloc(8 * 1024 * 1024));
    ran('mkfs.ext4', '-q', image);
    mount('-o', 'loop', image, path);
  }

  freeze(): void {
    // Everything else would stand still with it.
    if (statSync(this.path).dev === statSync(dirname(this.path)).dev)
      throw new Error(`${this.path} is no disk of its own`);
    ran('fsfreeze', '-f', this.path);
  }

  thaw(): void {
    spawnSync('fsfreeze', ['-u', this.path]);
  }

  remove(): void {
    this.thaw();
    spawnSync('umount', ['-l', this.path]);
  }
}

/** Why no disk can be mounted here; null when one can. */
export function whyNoDisk(make: (path: string) => SmallDisk | FreezableDisk): string | null {
  const path = join(tmpdir(), `overseer-disk-${process.pid}`);
  try {
    make(path).remove();
    return null;
  } catch (error) {
    return (error as Error).message;
  } finally {
    for (const each of [path, `${path}.image`]) rmSync(each, { recursive: true, force: true });
  }
}

function mount(...args: readonly string[]): void {
  ran('mount', ...args);
}

function ran(program: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(error?.message ?? stderr.trim());
}
