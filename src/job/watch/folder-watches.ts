import type { FSWatcher } from 'node:fs';
import { basename } from 'node:path';
import { idOf, quietly } from './file-sign.ts';
import type { WatchCalls } from './watch-calls.ts';

/** Limit of watched folders for one job: the system has few watches. */
export const MAX_FOLDERS = 5_000;

/** A watched folder and its identity. */
interface Watched {
  readonly watcher: FSWatcher;
  readonly id: string;
}

/** The error code for a folder that cannot be watched. */
export type WatchRefusal = { readonly code: string };

/** One watch of the system for each folder, without its subfolders. */
export class FolderWatches {
  readonly #watched = new Map<string, Watched>();
  readonly #calls: Pick<WatchCalls, 'stat' | 'watch'>;
  readonly #onEvent: (folder: string, name: string | null) => void;
  readonly #onGone: (folder: string) => void;

  constructor(
    calls: Pick<WatchCalls, 'stat' | 'watch'>,
    on: {
      /** A name in the folder came, changed or went; null when the system does not say which. */
      readonly event: (folder: string, name: string | null) => void;
      /** The folder itself went, was moved, or cannot be watched any more. */
      readonly gone: (folder: string) => void;
    },
  ) {
    this.#calls = calls;
    this.#onEvent = on.event;
    this.#onGone = on.gone;
  }

  get size(): number {
    return this.#watched.size;
  }

  /** Watches the folder that is at this path now, even if another one was there before. Null on success. */
  async ensure(folder: string): Promise<WatchRefusal | null> {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const id = await this.#idOf(folder);
      const before = this.#watched.get(folder);
      if (id !== null && before?.id === id) return null;
      this.drop(folder);
      if (id === null) return { code: 'ENOENT' };
      if (this.#watched.size >= MAX_FOLDERS) return { code: 'TOOMANY' };
      const refusal = this.#open(folder, id);
      if (refusal !== null) return refusal;
      // The folder may have been replaced between the two checks.
      if ((await this.#idOf(folder)) === id) return null;
    }
    return null;
  }

  keepOnly(folders: ReadonlySet<string>): void {
    for (const folder of this.#watched.keys()) if (!folders.has(folder)) this.drop(folder);
  }

  /** Folders at and below this path that are not among those. */
  keepBelow(path: string, folders: ReadonlySet<string>): void {
    for (const folder of this.#watched.keys()) {
      const isBelow = folder === path || folder.startsWith(`${path}/`);
      if (isBelow && !folders.has(folder)) this.drop(folder);
    }
  }

  drop(folder: string): void {
    this.#watched.get(folder)?.watcher.close();
    this.#watched.delete(folder);
  }

  end(): void {
    for (const folder of this.#watched.keys()) this.drop(folder);
  }

  #open(folder: string, id: string): WatchRefusal | null {
    const gone = (): void => {
      if (this.#watched.get(folder)?.watcher !== watcher) return;
      this.drop(folder);
      this.#onGone(folder);
    };
    let watcher: FSWatcher;
    try {
      watcher = this.#calls.watch(folder, (type, name) => {
        this.#onEvent(folder, name);
        // The system reports an event of the folder itself under the folder's own name.
        if (type === 'rename' && name === basename(folder)) gone();
      });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      return { code };
    }
    watcher.on('error', gone);
    this.#watched.set(folder, { watcher, id });
    return null;
  }

  async #idOf(folder: string): Promise<string | null> {
    const stats = await quietly(this.#calls.stat(folder, { bigint: true }));
    return stats === null || !stats.isDirectory() ? null : idOf(stats);
  }
}
