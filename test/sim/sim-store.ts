import type { Store } from '../../src/state/store.ts';
import type { Random } from '../support/random.ts';

interface Line {
  readonly key: string;
  /** JSON; null where the key was deleted. */
  readonly json: string | null;
}

/** The disk under the journal: written bytes survive a process, synced bytes survive a loss of power. */
export class SimDisk {
  #lines: Line[] = [];
  #synced = 0;

  get length(): number {
    return this.#lines.length;
  }

  append(line: Line): void {
    this.#lines.push(line);
  }

  synced(length: number): void {
    this.#synced = Math.max(this.#synced, Math.min(length, this.#lines.length));
  }

  /** The power goes: a random part of what was not synced is lost. Returns how many lines. */
  losePower(random: Random): number {
    const kept = random.int(this.#synced, this.#lines.length);
    const lost = this.#lines.length - kept;
    this.#lines = this.#lines.slice(0, kept);
    this.#synced = kept;
    return lost;
  }

  empty(): void {
    this.#lines = [];
    this.#synced = 0;
  }

  read(): ReadonlyMap<string, string> {
    const live = new Map<string, string>();
    for (const { key, json } of this.#lines) {
      if (json === null) live.delete(key);
      else live.set(key, json);
    }
    return live;
  }

  /** The current value of a key. */
  newest(key: string): string | null {
    return this.#lines.findLast((line) => line.key === key)?.json ?? null;
  }
}

export interface SimStoreOptions {
  readonly disk: SimDisk;
  /** Throws while the disk refuses writes. */
  readonly check: () => void;
  /** Resolves when the disk has done what a sync takes; rejects when it refuses. */
  readonly syncTime: () => Promise<void>;
}

/** The store as the daemon knows it, on the simulated disk. */
export function simStore({ disk, check, syncTime }: SimStoreOptions): Store {
  const known = new Map(disk.read());
  let isClosed = false;
  const append = (key: string, json: string | null): void => {
    if (isClosed) throw new Error('the journal is closed');
    check();
    disk.append({ key, json });
  };
  return {
    entries: () => new Map([...known].map(([key, json]) => [key, JSON.parse(json) as unknown])),
    put: (key, value) => {
      const json = JSON.stringify(value);
      append(key, json);
      known.set(key, json);
    },
    delete: (key) => {
      if (!known.has(key)) return;
      append(key, null);
      known.delete(key);
    },
    sync: async () => {
      const { length } = disk;
      await syncTime();
      disk.synced(length);
    },
    bytes: 0,
    close: () => void (isClosed = true),
  };
}
