import type { GroupState, Marker, SpawnedChild } from '../ports.ts';
import type { Os } from '../../os/os.ts';
import { mayBeSignalled } from '../../os/signal.ts';
import { asked, NotKnownYet } from '../../os/system-error.ts';
import type { AsOf, Listings, ProcessView } from './listings.ts';
import type { ProcessTable } from './process-table.ts';

/** How long after a child's end its number is surely nobody else's yet. */
const JUST_ENDED_MS = 1_000;

/** How long a child may be unknown to the system before we take it for reaped: whoever reaps many at once tells of one after the other. */
const REAPED_MS = 1_000;

type Members = ReadonlyMap<number, string>;

/**
 * Tells whether a number is still the process group of a child. The system gives a number away again once its process is
 * reaped and its group is empty, so a group is known by somebody in it: its leader, or a member of the last look, by pid
 * and start; the program beside the leader; or a process with the job's marker.
 */
export class KnownGroups {
  readonly #os: Os;
  readonly #listings: Listings;
  readonly #now: () => number;
  /** Children of this daemon that are not reaped: until then nobody else can have their numbers. */
  readonly #unreaped = new Set<string>();
  readonly #unreapedNumbers = new Set<number>();
  /** Since when the system does not know a child any more whose end nobody has told us. */
  readonly #missingSince = new Map<string, number>();
  readonly #endedAt = new Map<string, number>();
  /** Who was in a group when it was last looked at. */
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
    this.#unreapedNumbers.add(child.pid);
    this.#listings.follow(child.pid, { isNew: true });
  }

  /** Call it as soon as the child is reaped: whoever is in its group then belongs to it. */
  ended(child: SpawnedChild): void {
    if (!this.#unreaped.delete(keyOf(child))) return;
    this.#unreapedNumbers.delete(child.pid);
    this.#missingSince.delete(keyOf(child));
    this.#endedAt.set(keyOf(child), this.#now());
    if (!mayBeSignalled(child.pid) || !this.#os.groupIsKnown(child.pid)) return;
    this.#beingNoted.add(keyOf(child));
    this.#listings.next((table) => {
      if (this.#beingNoted.delete(keyOf(child)) && table !== null) this.#note(child, table);
    });
  }

  /** Whether a number is certainly the group of a child of ours. */
  isUnreaped(pgid: number): boolean {
    return this.#unreapedNumbers.has(pgid);
  }

  /** Whether the child's number is its own still, as that of a session. */
  isNumberOwn(child: SpawnedChild, view: ProcessView): boolean {
    const endedAt = this.#endedAt.get(keyOf(child));
    if (endedAt !== undefined && this.#now() - endedAt < JUST_ENDED_MS) return true;
    return this.state(child, null, view) !== 'gone';
  }

  state(child: SpawnedChild, marker: Marker | null, view: ProcessView): GroupState {
    if (child.boot !== this.#os.bootId() || !mayBeSignalled(child.pid)) return 'gone';
    if (this.#unreaped.has(keyOf(child)) && this.#isUnreapedStill(child)) return 'alive';
    const leader = view.identify(child.pid);
    if (leader !== null && leader.start !== child.start) return this.#gone(child);
    if (leader !== null) {
      this.#noteMembers(child, 'idly', view);
      return 'alive';
    }
    if (!this.#os.groupIsKnown(child.pid)) return this.#gone(child);
    this.#awaitNoted(child, view);
    if (!this.#isKnownByMember(child, marker, view)) return this.#gone(child);
    this.#noteMembers(child, 'of late', view);
    return 'leaderless';
  }

  /** An exception in a listener of somebody else may keep the end of a child from us: then nobody ever tells it. */
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
    this.#endedAt.delete(keyOf(child));
  }

  #gone(child: SpawnedChild): 'gone' {
    this.#members.delete(keyOf(child));
    this.#beingNoted.delete(keyOf(child));
    this.#listings.unfollow(child.pid);
    return 'gone';
  }

  /** Until it is told who was in the group when its leader ended, nobody can say whose it is; who signals now looks himself. */
  #awaitNoted(child: SpawnedChild, view: ProcessView): void {
    if (!this.#beingNoted.has(keyOf(child))) return;
    if (view.isPatient) throw new NotKnownYet();
    this.#note(child, view.table('closely'));
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
    return view.marked(marker).some((info) => info.pgid === pgid) || view.hasMarkedMember(pgid, marker);
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

/** One child, told from every other. */
export function keyOf({ pid, start, boot }: Pick<SpawnedChild, 'pid' | 'start' | 'boot'>): string {
  return `${pid} ${start} ${boot}`;
}
