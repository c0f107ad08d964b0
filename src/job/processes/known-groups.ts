import type { GroupState, Marker, SpawnedChild } from '../ports.ts';
import type { Os } from '../../os/os.ts';
import { mayBeSignalled } from '../../os/signal.ts';
import { asked } from '../../os/system-error.ts';
import type { AsOf, Listings, ProcessView } from './listings.ts';
import type { ProcessTable } from './process-table.ts';

/** For this long after a child's exit, its pid cannot have been reused. */
const JUST_ENDED_MS = 1_000;

/**
 * How long a child may be missing from the system before it counts as reaped: exits of many children are
 * announced one after the other.
 */
const REAPED_MS = 1_000;

type Members = ReadonlyMap<number, string>;

/**
 * Decides whether a number is still the process group of a child. The system reuses a number once its process
 * is reaped and its group is empty. So the group is recognized by a member: its leader, a member seen at the
 * last poll with the same pid and start time, the program beside the leader, or a process with the job's
 * marker.
 */
export class KnownGroups {
  readonly #os: Os;
  readonly #listings: Listings;
  readonly #now: () => number;
  /** Unreaped children of this daemon: no other process can have their numbers. */
  readonly #unreaped = new Set<string>();
  readonly #unreapedNumbers = new Set<number>();
  /** Since when a child has been missing whose exit was not announced. */
  readonly #missingSince = new Map<string, number>();
  readonly #endedAt = new Map<string, number>();
  /** When each child was first found to have ended, whoever had started it. */
  readonly #foundEndedAt = new Map<string, number>();
  /** When each group was first found to be gone. */
  readonly #goneAt = new Map<string, number>();
  /** Those that this daemon has launched, or looked at. */
  readonly #looked = new Set<string>();
  /** The members of each group at the last poll. */
  readonly #members = new Map<string, Members>();
  /** Children that have just ended, whose groups are being looked at. */
  readonly #beingNoted = new Set<string>();

  constructor(os: Os, listings: Listings, now: () => number = () => performance.now()) {
    this.#os = os;
    this.#listings = listings;
    this.#now = now;
  }

  launched(child: SpawnedChild): void {
    this.#unreaped.add(keyOf(child));
    this.#looked.add(keyOf(child));
    this.#unreapedNumbers.add(child.pid);
    this.#listings.follow(child.pid, { isNew: true });
  }

  /** Call this as soon as the child is reaped: all processes in its group then belong to it. */
  ended(child: SpawnedChild): void {
    if (!this.#unreaped.delete(keyOf(child))) return;
    this.#unreapedNumbers.delete(child.pid);
    this.#missingSince.delete(keyOf(child));
    this.#endedAt.set(keyOf(child), this.#now());
    this.#noteEnd(child);
    if (!mayBeSignalled(child.pid)) return;
    if (!this.#os.groupIsKnown(child.pid)) return void this.#goneAt.set(keyOf(child), this.#now());
    this.#beingNoted.add(keyOf(child));
    this.#listings.next((table) => {
      if (this.#beingNoted.delete(keyOf(child)) && table !== null) this.#note(child, table);
    });
  }

  /** Whether a number certainly is the group of an unreaped child of ours. */
  isUnreaped(pgid: number): boolean {
    return this.#unreapedNumbers.has(pgid);
  }

  /** Whether the pid of the child, which is also its session, still belongs to it. */
  isNumberOwn(child: SpawnedChild, view: ProcessView): boolean {
    const endedAt = this.#endedAt.get(keyOf(child));
    if (endedAt !== undefined && this.#now() - endedAt < JUST_ENDED_MS) return true;
    return this.#stateOf(child, null, view) !== 'gone';
  }

  /**
   * When the group of a child was first found to be gone; null while it is not. Only a listing that began
   * later shows everything that its members left.
   */
  goneAt(child: SpawnedChild): number | null {
    return this.#goneAt.get(keyOf(child)) ?? null;
  }

  #noteEnd(child: SpawnedChild): void {
    if (!this.#foundEndedAt.has(keyOf(child))) this.#foundEndedAt.set(keyOf(child), this.#now());
  }

  state(child: SpawnedChild, marker: Marker | null, view: ProcessView): GroupState {
    const state = this.#stateOf(child, marker, view);
    if (state !== 'gone') this.#goneAt.delete(keyOf(child));
    else if (!this.#goneAt.has(keyOf(child))) this.#goneAt.set(keyOf(child), this.#now());
    return state;
  }

  #stateOf(child: SpawnedChild, marker: Marker | null, view: ProcessView): GroupState {
    if (child.boot !== this.#os.bootId() || !mayBeSignalled(child.pid)) return 'gone';
    if (this.#unreaped.has(keyOf(child)) && this.#isUnreapedStill(child)) return 'alive';
    // A leader is of its own group as long as it lives.
    if (!this.#os.groupIsKnown(child.pid)) return this.#gone(child);
    const leader = view.identify(child.pid);
    if (leader?.start !== child.start) this.#noteEnd(child);
    if (leader !== null && leader.start !== child.start) return this.#gone(child);
    if (leader !== null) {
      this.#noteMembers(child, 'idly', view);
      return 'alive';
    }
    this.#awaitNoted(child, view);
    if (!this.#isKnownByMember(child, marker, view)) return this.#gone(child);
    this.#noteMembers(child, 'of late', view);
    return 'leaderless';
  }

  /**
   * An exception in another listener may have swallowed the announcement of an exit, so a missing child does
   * not count as unreaped for ever.
   */
  #isUnreapedStill(child: SpawnedChild): boolean {
    const key = keyOf(child);
    if (this.#os.groupIsKnown(child.pid)) {
      this.#missingSince.delete(key);
      return true;
    }
    const since = this.#missingSince.get(key) ?? this.#now();
    this.#missingSince.set(key, since);
    if (this.#now() - since < REAPED_MS) return true;
    this.ended(child);
    return false;
  }

  forget(child: SpawnedChild): void {
    this.#gone(child);
    this.#listings.unfollow(child.pid);
    this.#endedAt.delete(keyOf(child));
    this.#foundEndedAt.delete(keyOf(child));
    this.#goneAt.delete(keyOf(child));
    this.#looked.delete(keyOf(child));
  }

  /**
   * How a child is looked at by somebody who polls: the first time surely, since a daemon that has just
   * begun must not report a dead one.
   */
  patiently<T>(child: SpawnedChild, ask: (view: ProcessView) => T): T {
    if (this.#looked.has(keyOf(child))) return this.#listings.patiently(keyOf(child), ask);
    const answer = ask(this.#listings.first);
    this.#looked.add(keyOf(child));
    return answer;
  }

  #gone(child: SpawnedChild): 'gone' {
    this.#members.delete(keyOf(child));
    this.#beingNoted.delete(keyOf(child));
    return 'gone';
  }

  /** Notes who was in the group when its leader ended: without that nobody can recognize the group. */
  #awaitNoted(child: SpawnedChild, view: ProcessView): void {
    if (!this.#beingNoted.has(keyOf(child))) return;
    this.#note(child, view.table('of late', this.#endedAt.get(keyOf(child))));
    this.#beingNoted.delete(keyOf(child));
  }

  #isKnownByMember(child: SpawnedChild, marker: Marker | null, view: ProcessView): boolean {
    const { pid: pgid, program, programStart } = child;
    const known = new Map(this.#members.get(keyOf(child)));
    if (program !== undefined && programStart !== undefined) known.set(program, programStart);
    for (const [pid, start] of known) {
      const now = view.identify(pid);
      if (now !== null && now.start === start && now.pgid === pgid) return true;
    }
    if (marker === null) return false;
    const endedAt = this.#foundEndedAt.get(keyOf(child));
    const marked = view.marked(marker, 'of late', endedAt);
    return marked.some((info) => info.pgid === pgid) || view.hasMarkedMember(pgid, marker);
  }

  /** Without a listing it is noted another time. */
  #noteMembers(child: SpawnedChild, asOf: AsOf, view: ProcessView): void {
    this.#listings.follow(child.pid, { isNew: false });
    const table = asked(null, () => view.table(asOf));
    if (table !== null) this.#note(child, table);
  }

  #note(child: SpawnedChild, table: ProcessTable): void {
    const members = table.group(child.pid);
    this.#members.set(keyOf(child), new Map(members.map(({ pid, start }) => [pid, start])));
  }
}

/** Identifies one child. */
export function keyOf({ pid, start, boot }: Pick<SpawnedChild, 'pid' | 'start' | 'boot'>): string {
  return `${pid} ${start} ${boot}`;
}
