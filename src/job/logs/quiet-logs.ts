import { watch, type FSWatcher } from 'node:fs';

/** Limit of watched logs: on macOS each takes a descriptor, which starting a job needs too. */
const MOST = { linux: 20_000, darwin: 1_000 } as const;

/** Watches one file, as `watch` of Node does. */
export type WatchFile = (path: string, on: () => void) => FSWatcher;

const watchFile: WatchFile = (path, on) => watch(path, { persistent: false }, on);

/** Logs that do not grow: the system says when one does, so nobody polls them. */
export class QuietLogs {
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #most: number;
  readonly #watch: WatchFile;

  constructor(os: keyof typeof MOST, watchWith = watchFile) {
    this.#most = MOST[os];
    this.#watch = watchWith;
  }

  /**
   * Calls back once, when the log changes or somebody replaces it; then it is watched no more. False when the
   * system refuses the watch.
   */
  add(path: string, onChange: () => void): boolean {
    this.drop(path);
    if (this.#watchers.size >= this.#most) return false;
    const changed = (): void => {
      this.drop(path);
      onChange();
    };
    try {
      const watcher = this.#watch(path, changed);
      watcher.on('error', changed);
      this.#watchers.set(path, watcher);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return false;
    }
  }

  drop(path: string): void {
    this.#watchers.get(path)?.close();
    this.#watchers.delete(path);
  }

  end(): void {
    for (const path of this.#watchers.keys()) this.drop(path);
  }
}
