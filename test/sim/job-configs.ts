import type { JobEvent } from '../../machines/job.ts';
import type { SimDisk } from './sim-store.ts';

const CONFIG = 'config:';

/** Steps by which a job takes the newest config of its own. */
const TAKES_CONFIG: readonly string[] = ['xstate.init', 'Apply'];

/**
 * The config that each job has, as JSON. A change that waits for its turn is on record already, but the job
 * has its earlier config until then.
 */
export class JobConfigs {
  readonly #disk: SimDisk;
  readonly #had = new Map<string, string | null>();
  /** By key, the configs that the disk has refused so far: their daemon has them nevertheless. */
  readonly #refused = new Map<string, string>();

  constructor(disk: SimDisk) {
    this.#disk = disk;
  }

  /** The daemon writes a record, or tries to. */
  written(key: string, record: unknown, { isRefused }: { readonly isRefused: boolean }): void {
    if (!key.startsWith(CONFIG)) return;
    if (isRefused) this.#refused.set(key, JSON.stringify(record));
    else this.#refused.delete(key);
  }

  /** A daemon restores each job with the config on record: that is the one of its first step. */
  stepped(instance: string, { type }: Pick<JobEvent, 'type'>): void {
    if (TAKES_CONFIG.includes(type) || !this.#had.has(instance))
      this.#had.set(instance, this.#newest(instance));
  }

  /** Null where none is known. */
  of(instance: string): string | null {
    return this.#had.get(instance) ?? this.#newest(instance);
  }

  daemonDied(): void {
    this.#had.clear();
    this.#refused.clear();
  }

  #newest(instance: string): string | null {
    const key = `${CONFIG}${instance}`;
    return this.#refused.get(key) ?? this.#disk.newest(key);
  }
}
