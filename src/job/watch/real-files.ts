import type { Files, WatchEvents, Watching, WatchRequest } from '../ports.ts';
import type { OwnFolder } from './own-files.ts';

/** The files of this machine; no job watches those of the data folder. */
export function realFiles(own: OwnFolder): Files {
  const shared = new Map<string, SharedTree>();
  return {
    watch: (request, on) => {
      const key = JSON.stringify([request.cwd, request.globs]);
      const tree = shared.get(key) ?? new SharedTree(request, own, () => shared.delete(key));
      shared.set(key, tree);
      return tree.join(on);
    },
  };
}

/** The copies of a job watch the same files: one tree is for all of them. */
class SharedTree {
  readonly #listeners = new Set<WatchEvents>();
  readonly #forget: () => void;
  #remarks: readonly string[] | null = null;
  #tree: Watching | null = null;

  constructor(request: WatchRequest, own: OwnFolder, forget: () => void) {
    this.#forget = forget;
    void this.#load(request, own);
  }

  join(on: WatchEvents): Watching {
    this.#listeners.add(on);
    if (this.#remarks !== null) on.remarked(this.#remarks);
    return {
      renew: () => this.#tree?.renew(),
      end: () => {
        if (!this.#listeners.delete(on) || this.#listeners.size > 0) return;
        this.#forget();
        this.#tree?.end();
      },
    };
  }

  /** The watching code is loaded for the first job that needs it; most daemons never do. */
  async #load(request: WatchRequest, own: OwnFolder): Promise<void> {
    const { WatchTree } = await import('./watch-tree.ts');
    if (this.#listeners.size === 0) return;
    this.#tree = new WatchTree(
      { ...request, own },
      {
        changed: (path) => {
          for (const on of this.#listeners) on.changed(path);
        },
        remarked: (remarks) => {
          this.#remarks = remarks;
          for (const on of this.#listeners) on.remarked(remarks);
        },
      },
    );
  }
}
