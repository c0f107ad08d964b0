import { isDeepStrictEqual } from 'node:util';
import type { Job } from '../../config/config.ts';
import type { Kept } from '../../host/chart-host.ts';
import type { Clock, Timer } from '../../host/clock.ts';
import type { ChildIdentity, DaemonLog } from '../../job/ports.ts';
import type { DueStore, PersistedDue } from '../../job/due-time.ts';
import { isRefusal } from '../../os/system-error.ts';
import type { Instance } from '../../plan/instances.ts';
import type { Store } from '../../state/store.ts';
import type { KeptHooks } from './kept-hooks.ts';
import { isKeptHooks, wrongShape } from './record-shape.ts';
import { currentJob, currentSnapshot, isSnapshot, withoutChild } from './persisted-snapshot.ts';

/** An instance as the last daemon left it. */
export interface PersistedInstance {
  readonly instance: Instance;
  readonly kept: Kept;
  /** A trigger removed it from the config; its own snapshot may not show that yet. */
  readonly isRemoved: boolean;
}

/** What the journal has of an instance's config. */
interface ConfigRecord {
  readonly number: string | null;
  readonly job: Job;
  readonly removed?: boolean;
}

/** The key of what the journal remembers of its folder. */
export const FOLDER = 'folder';
const SOURCE = 'source';
const CONFIG = 'config:';
const STATE = 'state:';
const DUE = 'due:';
const HOOKS = 'hooks:';

/**
 * Where a config was read: a folder or a file, as it was named and without links. Either of them is enough to
 * know it again.
 */
export interface ConfigSource {
  readonly path: string;
  readonly real: string;
}

/** The identity of the data folder, on which the validity of its records depends. */
export interface StoredFolder {
  readonly id: string;
  /** This folder is a copy of another one, so the processes in its records are not ours. */
  readonly isCopy: boolean;
  /** Remembered from now on. */
  readonly record: unknown;
  readonly boot: string;
}

export interface PersistedStateOptions {
  readonly store: Store;
  /** Which folder the store is in. */
  readonly folder: StoredFolder;
  /**
   * False once another daemon has the folder, or it is gone: what would be written then, nobody would read.
   */
  readonly holdsFolder?: () => boolean;
  /** Whether a persisted child is still alive. Needed where no daemon will poll it, as for a plan. */
  readonly isAlive?: (child: ChildIdentity) => boolean;
  readonly clock: Clock;
  readonly log: DaemonLog;
}

/** How often a write that the disk has refused is retried. */
const RETRY_MS = 1_000;

/**
 * Persists each instance's config and snapshot. A write that the disk refuses is retried until it succeeds.
 * Until then nothing may begin that the next daemon would have to know of.
 */
export class PersistedState {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: DaemonLog;
  readonly #folder: StoredFolder;
  readonly #isAlive: (child: ChildIdentity) => boolean;
  readonly #holdsFolder: () => boolean;
  #isClosed = false;
  #retry: Timer | null = null;
  #source: ConfigSource | null;
  readonly #owed = new Map<string, () => void>();
  readonly #removed = new Set<string>();
  #dues: Map<string, PersistedDue | null> | null = null;

  constructor({ store, folder, holdsFolder, isAlive, clock, log }: PersistedStateOptions) {
    this.#isAlive = isAlive ?? (() => true);
    this.#holdsFolder = holdsFolder ?? (() => true);
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    const entries = store.entries();
    const kept = entries.get(FOLDER);
    this.#source = sourceIn(entries.get(SOURCE));
    this.#folder = folder;
    if (folder.isCopy) log.line('state: this folder is a copy of another one, so no process is adopted');
    if (!isDeepStrictEqual(kept, folder.record))
      this.#write(FOLDER, (key) => this.#store.put(key, folder.record));
  }

  /**
   * Where the config in force was read; null where no trigger has come yet, or an overseer of version 2 took
   * it.
   */
  get source(): ConfigSource | null {
    return this.#source;
  }

  keepSource(source: ConfigSource): void {
    if (isDeepStrictEqual(this.#source, source)) return;
    this.#source = source;
    this.#write(SOURCE, (key) => this.#store.put(key, source));
  }

  /** Written when it changes. */
  keepConfig({ name, number, job }: Instance): void {
    this.#removed.delete(name);
    this.#write(`${CONFIG}${name}`, (key) => this.#store.put(key, { number, job }));
  }

  /** Written when a removed instance waits for its turn to stop: the next daemon removes it then. */
  keepRemoval({ name, number, job }: Instance): void {
    if (this.isRemoved(name)) return;
    this.#removed.add(name);
    this.#write(`${CONFIG}${name}`, (key) => this.#store.put(key, { number, job, removed: true }));
  }

  /** Whether the config record of the instance says that it was removed. */
  isRemoved(name: string): boolean {
    return this.#removed.has(name);
  }

  /** Written at each step that changes it. */
  keepState(name: string, { value, context }: Kept): void {
    this.#write(`${STATE}${name}`, (key) => this.#store.put(key, { value, context }));
  }

  /** What the hooks of an instance have not finished, and how the last one failed; null where that is all. */
  keepHooks(name: string, hooks: KeptHooks | null): void {
    this.#write(`${HOOKS}${name}`, (key) =>
      hooks === null ? this.#store.delete(key) : this.#store.put(key, hooks),
    );
  }

  /** The time that an instance waits for: written when a wait begins or ends. */
  dueStore(name: string): DueStore {
    const key = `${DUE}${name}`;
    return {
      read: () => this.#keptDues().get(key) ?? null,
      write: (due) => {
        this.#keptDues().set(key, due);
        this.#write(key, () => (due === null ? this.#store.delete(key) : this.#store.put(key, due)));
      },
    };
  }

  forget(name: string): void {
    this.#dues?.delete(`${DUE}${name}`);
    this.#removed.delete(name);
    for (const prefix of [STATE, CONFIG, DUE])
      this.#write(`${prefix}${name}`, (key) => this.#store.delete(key));
  }

  /** Whether all that is known of an instance is written where the next daemon will find it. */
  isKept(name: string): boolean {
    return !this.#owed.has(`${STATE}${name}`) && !this.#owed.has(`${CONFIG}${name}`);
  }

  /** Retries refused writes; false when the disk still refuses one. */
  settle(): boolean {
    if (this.#isClosed) return false;
    for (const [key, write] of this.#owed) if (this.#attempt(key, write) !== null) return false;
    return true;
  }

  /** Resolves with whether everything written so far is on the disk. */
  async sync(): Promise<boolean> {
    if (!this.settle() || !this.#holdsFolder()) return false;
    try {
      await this.#store.sync();
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#log.line(`state: it cannot be brought to the disk: ${error.message}`);
      return false;
    }
  }

  /** After this nothing is written, and no later request can succeed. */
  close(): void {
    this.#isClosed = true;
    this.#retry?.clear();
    this.#owed.clear();
    this.#store.close();
  }

  /** Every instance that was kept whole. */
  instances(): PersistedInstance[] {
    const entries = this.#store.entries();
    return [...entries].flatMap(([key, value]) => {
      if (!key.startsWith(CONFIG)) return [];
      const name = key.slice(CONFIG.length);
      const persisted = entries.get(`${STATE}${name}`) as Kept | undefined;
      if (persisted === undefined) return [];
      const kept = isSnapshot(persisted) ? currentSnapshot(persisted) : persisted;
      const wrong = wrongShape(value, kept);
      if (wrong !== null) {
        this.#log.line(
          `state: the record of ${name} cannot be used, ${wrong}; the next trigger begins it anew`,
        );
        return [];
      }
      const { number, job, removed } = value as ConfigRecord;
      const isDown = this.#isElsewhere(kept) || !this.#hasLiveChild(kept);
      if (removed === true) this.#removed.add(name);
      return [
        {
          instance: { name, number, job: currentJob(job) },
          kept: isDown ? withoutChild(kept) : kept,
          isRemoved: removed === true,
        },
      ];
    });
  }

  /** The hooks that an earlier daemon left. Those of another folder are run there. */
  hooks(): readonly (readonly [string, KeptHooks])[] {
    if (this.#folder.isCopy) return [];
    return [...this.#store.entries()].flatMap(([key, kept]) => {
      if (!key.startsWith(HOOKS) || !isKeptHooks(kept)) return [];
      const { job, nextJob, ...hooks } = kept;
      const next = nextJob === undefined ? {} : { nextJob: currentJob(nextJob) };
      return [[key.slice(HOOKS.length), { ...hooks, job: currentJob(job), ...next }] as const];
    });
  }

  /** Read once for all instances, and only where one of them has a schedule. */
  #keptDues(): Map<string, PersistedDue | null> {
    const entries =
      this.#dues === null ? [...this.#store.entries()].filter(([key]) => key.startsWith(DUE)) : [];
    return (this.#dues ??= new Map(entries as [string, PersistedDue][]));
  }

  /** Whether the child belongs to another data folder. A child from an earlier boot has ended anyway. */
  #isElsewhere({ context }: Kept): boolean {
    const { child } = context as { readonly child: (ChildIdentity & { readonly mark?: string }) | null };
    const { id, isCopy, boot } = this.#folder;
    if (child === null || child.boot !== boot) return false;
    return child.mark === undefined ? isCopy : child.mark !== id;
  }

  #hasLiveChild({ context }: Kept): boolean {
    const { child } = context as { readonly child: ChildIdentity | null };
    return child === null || this.#isAlive(child);
  }

  #write(key: string, write: (key: string) => void): void {
    const isFirst = this.#owed.size === 0;
    const refusal = this.#attempt(key, () => write(key));
    if (refusal === null || !isFirst) return;
    this.#log.line(`state: a change cannot be written, so nothing new is begun: ${refusal}`);
    this.#retryLater();
  }

  /** Null when the write succeeded, else the error of the file system. */
  #attempt(key: string, write: () => void): string | null {
    if (!this.#holdsFolder()) {
      this.#owed.set(key, write);
      return 'the data folder was removed or is served by another daemon';
    }
    try {
      write();
      this.#owed.delete(key);
      return null;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#owed.set(key, write);
      return error.message;
    }
  }

  #retryLater(): void {
    this.#retry = this.#clock.after(RETRY_MS, () => {
      if (this.settle()) this.#log.line('state: every change is written again');
      else this.#retryLater();
    });
  }
}

function sourceIn(kept: unknown): ConfigSource | null {
  const { path, real } = Object(kept) as Partial<ConfigSource>;
  return typeof path === 'string' && typeof real === 'string' ? { path, real } : null;
}
