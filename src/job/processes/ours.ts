import { isAlive } from '../../os/is-alive.ts';
import type { KnownProcesses, Listed, ProcessInfo } from '../../os/os.ts';
import { ProcessTable } from './process-table.ts';

/** All processes are read anew when there may be this many times as many strangers as processes before. */
const STALE = 2;
const STALE_LEAST = 1_000;

export interface OursOptions {
  /** Whether an unreaped child of this daemon is of no job. */
  readonly isTool?: (pid: number) => boolean;
  /** Whether this is an unreaped child of this daemon that leads the group and the session of a job. */
  readonly isLeader?: (pid: number) => boolean;
}

/**
 * Who of this machine's processes may be of a job, and who is a stranger for good. What a job has begun
 * descends from this daemon or from a group that is followed, or bears the mark of a job. A stranger that
 * was seen once can come into no job's group, session or kin any more, since all who can take it there are
 * of the same session or its ancestors. The leader of a job can leave neither its group nor its parent. So
 * nothing of these need be read again.
 */
export class Ours {
  readonly #isTool: (pid: number) => boolean;
  readonly #isLeader: (pid: number) => boolean;
  readonly #followed = new Set<number>();
  /** By pid and start, without leaders: once ours, a process is looked at for as long as it lives. */
  #ours = new Map<number, string>();
  /** Who is not ours so far: a mark in the environment may tell otherwise. */
  #undecided = new Set<number>();
  /** Some may have ended. */
  #strangers = new Set<number>();
  #strangersMost = 0;
  #isComplete = false;

  constructor({ isTool = () => false, isLeader = () => false }: OursOptions = {}) {
    this.#isTool = isTool;
    this.#isLeader = isLeader;
  }

  /** For the next listing; null where everything has to be read. */
  get known(): KnownProcesses | null {
    if (!this.#isComplete || this.#strangers.size > this.#strangersMost) return null;
    return {
      isSettled: (pid) => this.#strangers.has(pid) || this.#isLeader(pid) || pid === process.pid,
      others: [...this.#ours.keys(), ...this.#undecided],
      count: this.#ours.size + this.#undecided.size + this.#strangers.size,
    };
  }

  /** The processes of a group that has just been begun have not been seen yet. */
  follow(number: number, isNew: boolean): void {
    if (this.#followed.has(number)) return;
    this.#followed.add(number);
    if (!isNew) this.readAll();
  }

  /** Whom nobody has asked about so far may be of a job. */
  readAll(): void {
    this.#isComplete = false;
  }

  unfollow(number: number): void {
    this.#followed.delete(number);
  }

  /** Processes that turned out to be of some job. */
  add(found: readonly ProcessInfo[]): void {
    for (const { pid, start } of found) {
      this.#ours.set(pid, start);
      this.#undecided.delete(pid);
      this.#strangers.delete(pid);
    }
  }

  /** Every mark of these has been read, and those that bear one have been added. */
  decide(living: readonly ProcessInfo[]): void {
    for (const { pid } of living) if (this.#undecided.delete(pid)) this.#strangers.add(pid);
  }

  /** Takes a listing in; the table is of those that live, without who was settled before. */
  note({ found, isWhole }: Listed): ProcessTable {
    const table = new ProcessTable(found.filter((info) => info.pid !== process.pid && isAlive(info)));
    const roots = found.filter((info) => this.#isRoot(info));
    this.#ours = new Map(
      table
        .withDescendants(roots)
        .filter(({ pid }) => !this.#isLeader(pid))
        .map(({ pid, start }) => [pid, start]),
    );
    this.#undecided = new Set(found.flatMap(({ pid }) => (this.#isOpen(pid) ? [pid] : [])));
    for (const { pid } of isWhole ? [] : found) this.#strangers.delete(pid);
    if (isWhole) {
      this.#strangers = new Set();
      this.#strangersMost = Math.max(STALE_LEAST, STALE * found.length);
    }
    this.#isComplete = true;
    return table;
  }

  #isOpen(pid: number): boolean {
    return !this.#ours.has(pid) && !this.#isLeader(pid) && pid !== process.pid;
  }

  #isRoot({ pid, start, ppid, pgid, sid }: ProcessInfo): boolean {
    return (
      (ppid === process.pid && !this.#isTool(pid)) ||
      this.#isLeader(ppid) ||
      this.#followed.has(pgid) ||
      (sid !== null && this.#followed.has(sid)) ||
      this.#ours.get(pid) === start
    );
  }
}
