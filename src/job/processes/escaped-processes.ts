import type { ChildIdentity, Marker } from '../ports.ts';
import type { Identity, Os, ProcessInfo } from '../../os/os.ts';
import type { Clock } from '../../host/clock.ts';
import { realClock } from '../../host/real-clock.ts';
import { realSignals, type Signals } from '../../os/signal.ts';
import { CannotAsk, NotKnownYet } from '../../os/system-error.ts';
import { keyOf } from './known-groups.ts';
import type { AsOf, Listings, ProcessView } from './listings.ts';
import { LogHolders } from './log-holders.ts';

/**
 * Time between SIGTERM and SIGKILL for left-over processes that are in no record, and the interval of polling
 * them.
 */
const CLEAR_PATIENCE_MS = 2_000;
const CLEAR_EACH_MS = 200;

/** How soon an answer that is under way is asked for again. */
const AGAIN_MS = 15;

type Known = Map<number, string>;

/** How the escaped processes of a child are recognized. */
export interface FoundBy {
  readonly marker: Marker;
  /** False when the child's number may be the group and session of another process by now. */
  readonly isNumberOwn: boolean;
  /** When nothing of its group was left; null while it may have members. */
  readonly goneAt: number | null;
}

/** Which listing may answer. */
interface Listed {
  readonly view: ProcessView;
  readonly asOf: AsOf;
  /** It must have begun after this moment. */
  readonly after: number;
}

/** A signal to the processes of a child, and when it was decided on. */
interface Decided {
  readonly signal: NodeJS.Signals;
  readonly decidedAt: number;
}

export interface EscapedProcessesOptions {
  readonly os: Os;
  readonly listings: Listings;
  /** By default the clock of the machine; a simulation has its own. */
  readonly clock?: Clock;
  readonly signals?: Signals;
}

/**
 * The processes of a job that left its process group: those of its session, the descendants of its members,
 * and whatever still carries its environment or writes to its log as its output. Who left all of these on
 * purpose is not found.
 */
export class EscapedProcesses {
  readonly #os: Os;
  readonly #listings: Listings;
  readonly #holders: LogHolders;
  readonly #clock: Clock;
  readonly #signals: Signals;
  /** Processes once found for each child: the death of a parent must not hide its children. */
  readonly #known = new Map<string, Known>();
  /**
   * Signals that are still to be sent to processes that left a child's group: the system could not be asked
   * when they were due.
   */
  readonly #owed = new Map<string, Decided>();
  /** By log, who seemed to write to it when that was last told, and when that was. */
  readonly #seenWriting = new Map<string, { readonly at: number; readonly starts: Known }>();
  /** By child, since when nothing of it has been found. */
  readonly #quietSince = new Map<string, number>();

  constructor({ os, listings, clock = realClock, signals = realSignals }: EscapedProcessesOptions) {
    this.#os = os;
    this.#listings = listings;
    this.#clock = clock;
    this.#signals = signals;
    this.#holders = new LogHolders(os, () => clock.monotonic());
  }

  /**
   * Searches for the escaped processes of a child before its group is signalled, in a listing that began
   * after that was decided on: a process may have left the group just before. `settle` does it where the
   * system cannot be asked now, or is still to tell what is left of a group that is gone.
   */
  search(child: ChildIdentity, decided: Decided, by: () => FoundBy): readonly ProcessInfo[] {
    try {
      this.#owed.delete(keyOf(child));
      const found = by();
      const after = laterOf(decided, found);
      // A member of the group that ends by the signal would hide the processes that it has begun.
      if (found.goneAt === null)
        return this.find(child, found, { view: this.#listings.sure, asOf: 'closely', after });
      return this.#listings.patiently(keyOf(child), (view) =>
        this.find(child, found, { view, asOf: 'of late', after }),
      );
    } catch (error) {
      if (!(error instanceof CannotAsk)) throw error;
      this.#owed.set(keyOf(child), decided);
      return [];
    }
  }

  /** Does the search that is owed to a child, and signals what it finds. */
  settle(child: ChildIdentity, by: () => FoundBy, view: ProcessView): void {
    const decided = this.#owed.get(keyOf(child));
    if (decided === undefined) return;
    const foundBy = by();
    const found = this.find(child, foundBy, { view, asOf: 'of late', after: laterOf(decided, foundBy) });
    this.#owed.delete(keyOf(child));
    this.signal(found, decided.signal);
  }

  signal(strays: readonly Identity[], signal: NodeJS.Signals): void {
    for (const { pid, start } of strays) this.#signal(pid, start, signal);
  }

  /** Whether an escaped process of a followed child is alive. */
  live(child: ChildIdentity, by: FoundBy, view: ProcessView): boolean {
    if (!this.#known.has(keyOf(child))) return false;
    const after = by.goneAt ?? -Infinity;
    const found = this.find(child, by, { view, asOf: 'of late', after });
    if (found.length === 0) return this.#writersLive(child, by.marker);
    this.#quietSince.delete(keyOf(child));
    return true;
  }

  /**
   * Ends every process that bears a marker, or writes to the log in it, gently at first; calls back when none
   * is left, at once when there is none.
   */
  clear(marker: Marker, done: () => void): void {
    this.#clear({ marker, done, since: this.#holders.moment, patienceMs: CLEAR_PATIENCE_MS, asOf: 'ever' });
  }

  #clear(search: Search): void {
    const again = (ms: number, more: Partial<Search>): void =>
      void this.#clock.after(ms, () => this.#clear({ ...search, ...more }));
    let left: readonly Identity[];
    try {
      left = this.#leftOf(search);
    } catch (error) {
      if (!(error instanceof CannotAsk)) throw error;
      return again(error instanceof NotKnownYet ? AGAIN_MS : CLEAR_EACH_MS, {});
    }
    if (left.length === 0) return search.done();
    const { patienceMs } = search;
    this.signal(left, patienceMs > 0 ? 'SIGTERM' : 'SIGKILL');
    again(CLEAR_EACH_MS, {
      since: this.#holders.moment,
      patienceMs: patienceMs - CLEAR_EACH_MS,
      asOf: 'of late',
    });
  }

  #leftOf({ marker, since, asOf }: Search): readonly Identity[] {
    const who = `left of ${Object.values(marker.present).join(' ')}`;
    const marked = this.#listings.patiently(who, (view) => view.marked(marker, asOf));
    return marked.length > 0 || marker.log === undefined ? marked : this.#writersOf(marker.log, since);
  }

  /**
   * Writers of a log that are no children of this daemon. The answer tells pids, and may take so long that
   * another process has one of them by then. So only who was known before the question and is the same
   * process after the answer is certain.
   */
  #writersOf(log: string, since: number): readonly ProcessInfo[] {
    const before = this.#seenWriting.get(log);
    const pids = this.#holders.find(log, Math.max(since, before?.at ?? -Infinity));
    const found = pids.flatMap((pid) => this.#listings.sure.identify(pid) ?? []);
    this.#seenWriting.delete(log);
    if (found.length === 0) return [];
    const starts = new Map(found.map(({ pid, start }) => [pid, start]));
    this.#seenWriting.set(log, { at: this.#holders.moment, starts });
    const certain = found.filter(({ pid, start }) => before?.starts.get(pid) === start);
    if (certain.length === 0) throw new NotKnownYet();
    return certain;
  }

  /**
   * Once all other signs are gone: the last one. Who is found by it is told to end, since the signal to the
   * job has not reached it, and from then on is known.
   */
  #writersLive(child: ChildIdentity, { log }: Marker): boolean {
    if (log === undefined) return false;
    const key = keyOf(child);
    const since = this.#quietSince.get(key) ?? this.#holders.moment;
    this.#quietSince.set(key, since);
    const found = this.#writersOf(log, since);
    if (found.length === 0) return false;
    this.#quietSince.delete(key);
    for (const { pid, start } of found) this.#known.get(key)?.set(pid, start);
    this.signal(found, 'SIGTERM');
    return true;
  }

  /**
   * Kills the processes whose environment has a variable of a value now, and what these start until they are
   * dead. Others that are given it later are left alone.
   */
  kill(name: string, value: string): void {
    const first = this.#listings.markedWith(name, value);
    this.#killKin(new Map(first.map(({ pid, start }) => [pid, start])));
  }

  #killKin(known: Known): void {
    if (known.size === 0) return;
    const again = (): void => void this.#clock.after(CLEAR_EACH_MS, () => this.#killKin(known));
    let left: readonly ProcessInfo[];
    try {
      left = this.#listings.sure.table('closely').kin(null, known);
    } catch (error) {
      if (!(error instanceof CannotAsk)) throw error;
      return again();
    }
    for (const { pid, start } of left) {
      known.set(pid, start);
      this.#signal(pid, start, 'SIGKILL');
    }
    if (left.length > 0) again();
  }

  /** False when it was not followed. */
  forget(child: ChildIdentity): boolean {
    this.#quietSince.delete(keyOf(child));
    this.#owed.delete(keyOf(child));
    return this.#known.delete(keyOf(child));
  }

  /** Every stray of a child; from now on they are followed until `forget`. */
  find(
    child: ChildIdentity,
    { marker, isNumberOwn }: FoundBy,
    { view, asOf, after }: Listed,
  ): readonly ProcessInfo[] {
    const before = this.#known.get(keyOf(child));
    if (isNumberOwn && before === undefined) this.#listings.follow(child.pid, { isNew: false });
    const table = view.table(asOf, after);
    const known = before ?? new Map<number, string>();
    this.#known.set(keyOf(child), known);
    const strays = table
      .kin(isNumberOwn ? child.pid : null, known)
      .filter(({ pgid }) => !isNumberOwn || pgid !== child.pid);
    const found =
      strays.length > 0 ? strays : view.marked(marker, asOf, after).filter(({ pgid }) => pgid !== child.pid);
    for (const { pid, start } of found) known.set(pid, start);
    this.#listings.keep(found);
    return found;
  }

  /** Identified once more right before the signal: the pid may belong to another process by now. */
  #signal(pid: number, start: string, signal: NodeJS.Signals): void {
    try {
      if (this.#os.identify(pid)?.start === start) this.#signals.process(pid, signal);
    } catch (error) {
      // Then nobody is signalled; the next search tries again.
      if (!(error instanceof CannotAsk)) throw error;
    }
  }
}

function laterOf({ decidedAt }: Decided, { goneAt }: FoundBy): number {
  return Math.max(decidedAt, goneAt ?? -Infinity);
}

interface Search {
  readonly marker: Marker;
  readonly done: () => void;
  readonly since: number;
  readonly patienceMs: number;
  readonly asOf: AsOf;
}
