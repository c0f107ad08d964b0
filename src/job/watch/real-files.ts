import type { Files, WatchEvents, Watching, WatchRequest } from '../ports.ts';
import type { OwnFolder } from './own-files.ts';
import type { WatchCalls } from './watch-calls.ts';

/** What a simulation has in the place of this machine. */
export interface Simulated {
  readonly calls: WatchCalls;
  readonly load: typeof load;
}

/** The watching code is loaded for the first job that needs it; most daemons never do. */
const load = (): Promise<Pick<typeof import('./watch-tree.ts'), 'WatchTree'>> => import('./watch-tree.ts');

/** The files of this machine; no job watches those of the data folder. */
export function realFiles(own: OwnFolder, simulated?: Simulated): Files {
  const shared = new Map<string, SharedTree>();
  return {
    watch: (request, on) => {
      const key = JSON.stringify([request.cwd, request.globs]);
      const tree =
        shared.get(key) ?? new SharedTree({ ...request, own, ...simulated }, () => shared.delete(key));
      shared.set(key, tree);
      return tree.join(on);
    },
  };
}

interface SharedRequest extends WatchRequest, Partial<Simulated> {
  readonly own: OwnFolder;
}

/** The copies of a job watch the same files: one tree is for all of them. */
class SharedTree {
  readonly #listeners = new Set<WatchEvents>();
  readonly #forget: () => void;
  #remarks: readonly string[] | null = null;
  #tree: Watching | null = null;

  constructor(request: SharedRequest, forget: () => void) {
    this.#forget = forget;
    void this.#begin(request);
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

  async #begin({ load: loadWith = load, ...request }: SharedRequest): Promise<void> {
    const { WatchTree } = await loadWith();
    if (this.#listeners.size === 0) return;
    this.#tree = new WatchTree(request, {
      changed: (path) => {
        for (const on of this.#listeners) on.changed(path);
      },
      remarked: (remarks) => {
        this.#remarks = remarks;
        for (const on of this.#listeners) on.remarked(remarks);
      },
    });
  }
}
