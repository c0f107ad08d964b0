import type { ProcessInfo, Remembered } from '../../os/os.ts';
import type { ProcessTable } from './process-table.ts';

/**
 * Who of this machine's processes may be of a job, and who is a stranger for good. What a job has begun
 * descends from this daemon or from a group that is followed, or bears the mark of a job. A stranger that was
 * seen once can come into no job's group, session or kin any more, since all who can take it there are of the
 * same session or its ancestors; so nothing of it need be read again.
 */
export class Ours {
  readonly #isTool: (pid: number) => boolean;
  readonly #followed = new Set<number>();
  /** By pid and start: once ours, a process is looked at for as long as it lives. */
  #ours = new Map<number, string>();
  #strangers = new Map<number, ProcessInfo>();

  /** `isTool`: whether an unreaped child of this daemon is of no job. */
  constructor(isTool: (pid: number) => boolean = () => false) {
    this.#isTool = isTool;
  }

  /** Those of the last listing. */
  get strangers(): Remembered {
    return this.#strangers;
  }

  /** The processes of a group that has just been begun have not been seen yet. */
  follow(number: number, isNew: boolean): void {
    if (this.#followed.has(number)) return;
    this.#followed.add(number);
    if (!isNew) this.#strangers = new Map();
  }

  unfollow(number: number): void {
    this.#followed.delete(number);
  }

  /** Processes of the last listing that turned out to be of some job. */
  add(found: readonly ProcessInfo[]): void {
    for (const { pid, start } of found) {
      this.#ours.set(pid, start);
      this.#strangers.delete(pid);
    }
  }

  /** A listing, zombies included, and its table. */
  note(all: readonly ProcessInfo[], table: ProcessTable): void {
    const roots = all.filter(
      ({ pid, start, ppid, pgid, sid }) =>
        pid === process.pid ||
        (ppid === process.pid && !this.#isTool(pid)) ||
        this.#followed.has(pgid) ||
        (sid !== null && this.#followed.has(sid)) ||
        this.#ours.get(pid) === start,
    );
    this.#ours = new Map(table.withDescendants(roots).map(({ pid, start }) => [pid, start]));
    this.#strangers = new Map(all.filter(({ pid }) => !this.#ours.has(pid)).map((info) => [info.pid, info]));
  }
}
