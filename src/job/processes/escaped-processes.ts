import type { ChildIdentity, Marker } from '../ports.ts';
import type { Identity, Os, ProcessInfo } from '../../os/os.ts';
import { signalProcess } from '../../os/signal.ts';
import { keyOf } from './known-groups.ts';
import type { Listings } from './listings.ts';

/** How long what nobody knows of is asked to end before it is killed, and how often it is looked at. */
const CLEAR_PATIENCE_MS = 2_000;
const CLEAR_EACH_MS = 200;

type Known = Map<number, string>;

/** What a child's strays are known by. */
export interface FoundBy {
  readonly marker: Marker;
  /** False where the child's number may be the group and session of somebody else by now. */
  readonly isNumberOwn: boolean;
}

/**
 * The processes of a job that left its process group: those of its session, the descendants of its members, and whatever
 * still carries its environment. Who left all of these on purpose is not found.
 */
export class EscapedProcesses {
  readonly #os: Os;
  readonly #listings: Listings;
  /** By child, what was once found of it: a parent's death must not hide its children. */
  readonly #known = new Map<string, Known>();

  constructor(os: Os, listings: Listings) {
    this.#os = os;
    this.#listings = listings;
  }

  signal(strays: readonly Identity[], signal: NodeJS.Signals): void {
    for (const { pid, start } of strays) this.#signal(pid, start, signal);
  }

  /** True while a stray of a followed child lives. */
  live(child: ChildIdentity, by: FoundBy): boolean {
    return this.#known.has(keyOf(child)) && this.find(child, by).length > 0;
  }

  /** Ends every process that bears a marker, gently at first; calls back when none is left, at once when there is none. */
  clear(marker: Marker, done: () => void, patienceMs = CLEAR_PATIENCE_MS): void {
    const left = this.#listings.marked(marker);
    if (left.length === 0) return done();
    for (const { pid, start } of left) this.#signal(pid, start, patienceMs > 0 ? 'SIGTERM' : 'SIGKILL');
    setTimeout(() => this.clear(marker, done, patienceMs - CLEAR_EACH_MS), CLEAR_EACH_MS);
  }

  /**
   * Kills the processes whose environment has a variable of a value now, and what these start until they are dead. Others
   * that are given it later are left alone.
   */
  kill(name: string, value: string): void {
    const first = this.#listings.markedWith(name, value);
    this.#killKin(new Map(first.map(({ pid, start }) => [pid, start])));
  }

  #killKin(known: Known): void {
    const left = this.#listings.table('closely').kin(null, known);
    for (const { pid, start } of left) {
      known.set(pid, start);
      this.#signal(pid, start, 'SIGKILL');
    }
    if (left.length > 0) setTimeout(() => this.#killKin(known), CLEAR_EACH_MS).unref();
  }

  /** False when it was not followed. */
  forget(child: ChildIdentity): boolean {
    return this.#known.delete(keyOf(child));
  }

  /** Every stray of a child; from now on they are followed until `forget`. */
  find(child: ChildIdentity, { marker, isNumberOwn }: FoundBy): readonly ProcessInfo[] {
    const before = this.#known.get(keyOf(child));
    // What it has just started must be seen.
    const processes = this.#listings.table(before === undefined ? 'closely' : 'of late');
    const known = before ?? new Map<number, string>();
    this.#known.set(keyOf(child), known);
    const strays = processes
      .kin(isNumberOwn ? child.pid : null, known)
      .filter(({ pgid }) => !isNumberOwn || pgid !== child.pid);
    for (const { pid, start } of strays) known.set(pid, start);
    if (strays.length > 0) return strays;
    const found = this.#listings.marked(marker).filter(({ pgid }) => pgid !== child.pid);
    for (const { pid, start } of found) known.set(pid, start);
    return found;
  }

  /** Looked at once more, just before: a pid may have gone to somebody else. */
  #signal(pid: number, start: string, signal: NodeJS.Signals): void {
    if (this.#os.identify(pid)?.start === start) signalProcess(pid, signal);
  }
}
