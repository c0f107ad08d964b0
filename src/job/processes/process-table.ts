import { indexBy } from '../../text/index-by.ts';
import type { ProcessInfo } from '../../os/os.ts';

type Index = ReadonlyMap<number, readonly ProcessInfo[]>;

/**
 * A listing of all processes, indexed so that the relatives of one child are found quickly. An index is made
 * when it is first asked for: the last listing before a daemon comes to rest may never be.
 */
export class ProcessTable {
  readonly living: readonly ProcessInfo[];
  #pids: ReadonlyMap<number, ProcessInfo> | null = null;
  #groups: Index | null = null;
  #sessions: Index | null = null;
  #parents: Index | null = null;

  constructor(living: readonly ProcessInfo[]) {
    this.living = living;
  }

  get(pid: number): ProcessInfo | undefined {
    this.#pids ??= new Map(this.living.map((info) => [info.pid, info]));
    return this.#pids.get(pid);
  }

  group(pgid: number): readonly ProcessInfo[] {
    return this.#byGroup.get(pgid) ?? [];
  }

  get #byGroup(): Index {
    return (this.#groups ??= indexBy(this.living, ({ pgid }) => [pgid]));
  }

  get #bySession(): Index {
    return (this.#sessions ??= indexBy(this.living, ({ sid }) => (sid === null ? [] : [sid])));
  }

  get #byParent(): Index {
    return (this.#parents ??= indexBy(this.living, ({ ppid }) => [ppid]));
  }

  /**
   * The members of a group and its session, those known from before by pid and start, and the descendants of
   * all of these. The leader need not be in the table.
   */
  kin(number: number | null, known: ReadonlyMap<number, string>): readonly ProcessInfo[] {
    const kin = new Set<ProcessInfo>(
      number === null
        ? []
        : [this.#byGroup, this.#bySession, this.#byParent].flatMap((by) => by.get(number) ?? []),
    );
    for (const [pid, start] of known) {
      const info = this.get(pid);
      if (info?.start === start) kin.add(info);
    }
    return this.withDescendants(kin);
  }

  /** Some processes and all that descend from them. */
  withDescendants(roots: Iterable<ProcessInfo>): readonly ProcessInfo[] {
    const all = new Set(roots);
    // Iterating a set includes elements that are added meanwhile.
    for (const { pid } of all) for (const child of this.#byParent.get(pid) ?? []) all.add(child);
    return [...all];
  }
}
