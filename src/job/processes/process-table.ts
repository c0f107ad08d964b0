import { indexBy } from '../../text/index-by.ts';
import type { ProcessInfo } from '../../os/os.ts';

/** A listing of all processes, indexed so that the relatives of one child are found quickly. */
export class ProcessTable {
  readonly living: readonly ProcessInfo[];
  readonly #byPid: ReadonlyMap<number, ProcessInfo>;
  readonly #byGroup: ReadonlyMap<number, readonly ProcessInfo[]>;
  readonly #bySession: ReadonlyMap<number, readonly ProcessInfo[]>;
  readonly #byParent: ReadonlyMap<number, readonly ProcessInfo[]>;

  constructor(living: readonly ProcessInfo[]) {
    this.living = living;
    this.#byPid = new Map(living.map((info) => [info.pid, info]));
    this.#byGroup = indexBy(living, ({ pgid }) => [pgid]);
    this.#bySession = indexBy(living, ({ sid }) => (sid === null ? [] : [sid]));
    this.#byParent = indexBy(living, ({ ppid }) => [ppid]);
  }

  get(pid: number): ProcessInfo | undefined {
    return this.#byPid.get(pid);
  }

  group(pgid: number): readonly ProcessInfo[] {
    return this.#byGroup.get(pgid) ?? [];
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
      const info = this.#byPid.get(pid);
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
