import { indexBy } from '../../text/index-by.ts';
import type { ProcessUsage } from './process-usage.ts';

/** All processes of one moment, indexed so that the trees of many jobs are found quickly. */
export class ProcessTrees {
  readonly #byPid: ReadonlyMap<number, ProcessUsage>;
  readonly #bySession: ReadonlyMap<number, readonly ProcessUsage[]>;
  readonly #byParent: ReadonlyMap<number, readonly ProcessUsage[]>;

  constructor(all: readonly ProcessUsage[]) {
    this.#byPid = new Map(all.map((each) => [each.pid, each]));
    this.#bySession = indexBy(all, ({ session }) => [session]);
    this.#byParent = indexBy(all, ({ parent }) => [parent]);
  }

  /** The processes of a job: its child, what belongs to the child's session, and all their descendants. */
  of(root: number): readonly ProcessUsage[] {
    const child = this.#byPid.get(root);
    if (child === undefined) return [];
    const tree = new Set([child, ...(this.#bySession.get(child.session) ?? [])]);
    // Iterating a set includes elements that are added meanwhile.
    for (const { pid } of tree) for (const each of this.#byParent.get(pid) ?? []) tree.add(each);
    return [...tree];
  }

  /** The resident memory of each tree; pages that processes share count for each of them. */
  memoryOf(roots: readonly number[]): ReadonlyMap<number, number> {
    return new Map(
      roots.flatMap((root) => {
        const tree = this.of(root);
        return tree.length === 0 ? [] : [[root, memoryBytesOf(tree)] as const];
      }),
    );
  }
}

export function memoryBytesOf(tree: readonly ProcessUsage[]): number {
  return tree.reduce((total, { memoryBytes }) => total + memoryBytes, 0);
}
