import { isAlive } from '../../os/is-alive.ts';
import type { Carrier, Listed, Os, ProcessInfo } from '../../os/os.ts';
import { CannotAsk, NotKnownYet } from '../../os/system-error.ts';
import { indexBy } from '../../text/index-by.ts';
import { folderOf, ID_NAME, testMark } from '../environment.ts';
import type { Marker } from '../ports.ts';
import { Leaders } from './leaders.ts';
import { Ours } from './ours.ts';
import type { ProcessTable } from './process-table.ts';

/**
 * How long a listing stays valid: at least, as a multiple of the time that it took, and at most. One that
 * hung for seconds must not hide for long who has ended since.
 */
const FRESH = {
  closely: { ms: 0, costs: 2, mostMs: 1_000 },
  'of late': { ms: 100, costs: 6, mostMs: 2_000 },
  idly: { ms: 5_000, costs: 100, mostMs: 60_000 },
  /** Since this daemon began to look: for what only another daemon can have begun. */
  ever: { ms: Infinity, costs: 0, mostMs: Infinity },
} as const;

/**
 * `closely` is for callers that signal next, who share it with others that signal in the same moment; `of
 * late` serves polling; `idly` is for data that hardly ever changes. None of them has surely seen what
 * happened just now: for that, ask for a listing that began after it.
 */
export type AsOf = keyof typeof FRESH;

/** How often the members of a constantly forking group are listed again for one answer. */
const MEMBER_TRIES = 5;

/** The variable that every process of a job has. */
const MARKER_NAME = 'OVERSEER_JOB';

interface Listing {
  readonly begun: number;
  readonly at: number;
  readonly costMs: number;
  /** Of all that live, or but for who was settled before. */
  readonly table: ProcessTable;
  readonly isWhole: boolean;
  marked: Marks | null;
}

interface Marked {
  readonly info: ProcessInfo;
  readonly carrier: Carrier;
}

/** By the value of the marker's variable. */
type Marks = ReadonlyMap<string, readonly Marked[]>;

/**
 * How the processes of this machine are looked at. Throws `CannotAsk` where the system cannot be asked, and
 * `NotKnownYet` where somebody who polls has to wait for the answer.
 */
export interface ProcessView {
  /** The live process of a pid. */
  identify(pid: number): ProcessInfo | null;
  /** By a listing that began after a moment, if one is given. */
  table(asOf?: AsOf, after?: number): ProcessTable;
  /** The processes whose environment has a marker, by such a listing. */
  marked(marker: Marker, asOf?: AsOf, after?: number): readonly ProcessInfo[];
  /** Whether a group has a member with a marker right now. */
  hasMarkedMember(pgid: number, marker: Marker): boolean;
}

export interface ListingsOptions {
  readonly os: Os;
  /** The groups of children whose marker needs no reading, by their numbers: they are certainly theirs. */
  readonly isKnownGroup?: (pgid: number) => boolean;
  /** Unreaped children of this daemon that are of no job: they are read once, and their environment never. */
  readonly isTool?: (pid: number) => boolean;
  readonly now?: () => number;
}

/**
 * The processes of this machine, listed once for all who ask within a while that grows with what a listing
 * costs. The environment of a process is read once in its life.
 */
export class Listings {
  readonly #os: Os;
  readonly #isKnownGroup: (pgid: number) => boolean;
  readonly #isTool: (pid: number) => boolean;
  readonly #now: () => number;
  readonly #leaders: Leaders;
  readonly #ours: Ours;
  #last: Listing | null = null;
  /** The first whose markers were read. */
  #firstMarked: Pick<Listing, 'marked'> | null = null;
  /** The ids of data folders whose processes somebody has asked for. */
  readonly #folders = new Set<string>();
  /** Since when somebody has been waiting for an answer. */
  readonly #askedAt = new Map<string, number>();
  #isUnderWay = false;
  #isReadingMarkers = false;
  /** How many listings have begun. */
  #begun = 0;
  #waiting: { readonly begun: number; readonly done: (table: ProcessTable | null) => void }[] = [];
  /** Environments read so far; that of a process that has ended is kept until the next whole listing. */
  #read = new Map<number, { readonly start: string; readonly carrier: Carrier | null }>();

  constructor({
    os,
    isKnownGroup = () => false,
    isTool = () => false,
    now = () => performance.now(),
  }: ListingsOptions) {
    this.#os = os;
    this.#ours = new Ours({ isLeader: isKnownGroup, isTool });
    this.#isKnownGroup = isKnownGroup;
    this.#isTool = isTool;
    this.#now = now;
    this.#leaders = new Leaders({
      os,
      now,
      listed: (ms) => (this.#last !== null && now() - this.#last.begun <= ms ? this.#last : null),
      beginIfDue: () => {
        if (this.#fresh('idly') === null) void this.#begin();
      },
    });
  }

  /** For callers that signal next: waits for the system. */
  readonly sure: ProcessView = {
    identify: (pid) => this.#os.identify(pid),
    table: (asOf = 'of late', after = -Infinity) => this.#listing(asOf, after).table,
    marked: (marker, asOf = 'of late', after = -Infinity) => {
      this.#noteFolder(marker.present[ID_NAME]);
      return bearers(this.#markedNow(asOf, after), marker);
    },
    hasMarkedMember: (pgid, marker) => this.#hasMarkedMember(pgid, marker),
  };

  /**
   * For the first check of the processes that an earlier daemon left, whose result is reported: one listing
   * answers for all of them.
   */
  readonly first: ProcessView = {
    ...this.sure,
    identify: (pid) => {
      if (this.#os.isQuick) return this.#os.identify(pid);
      return this.#os.pidIsKnown(pid) ? (this.sure.table().get(pid) ?? null) : null;
    },
  };

  /** Asks for somebody who polls; `who` tells the askers from each other. */
  patiently<T>(who: string, ask: (view: ProcessView) => T): T {
    try {
      const answer = ask(this.#soon(this.#askedAt.get(who) ?? Infinity));
      this.#askedAt.delete(who);
      return answer;
    } catch (error) {
      if (error instanceof NotKnownYet && !this.#askedAt.has(who)) this.#askedAt.set(who, this.#now());
      throw error;
    }
  }

  /**
   * A listing that began after `since` is recent enough, however old it is by now: for a caller that polls
   * rarely, every other rule would always ask for a new one.
   */
  #soon(since: number): ProcessView {
    return {
      identify: (pid) => (this.#os.isQuick ? this.#os.identify(pid) : this.#leaders.identify(pid)),
      table: (asOf = 'of late', after = -Infinity) => this.#listingSoon(asOf, since, after).table,
      marked: (marker, asOf = 'of late', after = -Infinity) =>
        bearers(this.#markedSoon(asOf, since, after, marker), marker),
      // The listing has told it where it takes so long that no group could outrun it.
      hasMarkedMember: (pgid, marker) => this.#os.isQuick && this.#hasMarkedMember(pgid, marker),
    };
  }

  /**
   * From now on whatever is of this group and session is read anew in each listing; `isNew` of one that has
   * just been begun.
   */
  follow(number: number, { isNew }: { readonly isNew: boolean }): void {
    this.#ours.follow(number, isNew);
  }

  /** These are of a job, whatever else they are: they are read anew in each listing. */
  keep(found: readonly ProcessInfo[]): void {
    this.#ours.add(found);
  }

  unfollow(number: number): void {
    this.#ours.unfollow(number);
  }

  /**
   * Calls back with a listing that begins now or later, or with null where the system cannot be asked. Where
   * many ask one after the other, that is the next that anybody needs.
   */
  next(done: (table: ProcessTable | null) => void): void {
    this.#waiting.push({ begun: this.#begun, done });
    if (!this.#isUnderWay && !this.#isAskedOften) void this.#begin();
  }

  /**
   * Reads now what the next who asks would have to read first: for a time when nobody waits. Not where the
   * system answers late, and a look delays others.
   */
  lookAhead(): void {
    if (this.#os.isQuick && this.#last !== null) void this.#markedNow('closely', this.#now());
  }

  /** Processes of any job whose environment has this value for a variable. */
  markedWith(name: string, value: string): readonly ProcessInfo[] {
    if (name === ID_NAME) this.#noteFolder(value);
    const { marked } = this.#markedNow('closely', this.#now());
    const found = [...(marked?.values() ?? [])].flat();
    return [...new Set(found.filter(({ carrier }) => carrier.has(name, value)).map(({ info }) => info))];
  }

  /** Its members may fork and end faster than they can be listed, so it is tried a few times. */
  #hasMarkedMember(pgid: number, marker: Marker): boolean {
    for (let tries = 0; tries < MEMBER_TRIES && this.#os.groupAlive(pgid); tries += 1) {
      const members = this.#os.group(pgid).filter(isAlive);
      const carriers = this.#environmentsOf(members.map(({ pid }) => pid));
      const found = carriers.find((carrier) => bears(carrier, marker));
      const member = members.find(({ pid }) => pid === found?.pid);
      if (member !== undefined && this.#isSame(member)) return true;
      if (members.length > 0 && found === undefined && members.every((each) => this.#isSame(each)))
        return false;
    }
    return false;
  }

  #environmentsOf(pids: readonly number[]): readonly Carrier[] {
    return pids.length === 0 ? [] : this.#os.processesWithEnv(MARKER_NAME, pids);
  }

  #isSame({ pid, start }: ProcessInfo): boolean {
    return this.#os.identify(pid)?.start === start;
  }

  #fresh(asOf: AsOf): Listing | null {
    const { ms, costs, mostMs } = FRESH[asOf];
    if (this.#last === null) return null;
    const freshMs = Math.max(ms, Math.min(mostMs, costs * this.#last.costMs));
    return this.#now() - this.#last.at <= freshMs ? this.#last : null;
  }

  /** Where a listing holds up everything, as many who need one after the other must not cost one each. */
  get #isAskedOften(): boolean {
    return this.#os.isQuick && this.#fresh('closely') !== null;
  }

  #listing(asOf: AsOf, after: number): Listing {
    const fresh = this.#fresh(asOf);
    if (fresh !== null && fresh.begun > after) return fresh;
    const begun = this.#now();
    const number = this.#begun++;
    const listing = this.#take(this.#os.listing(this.#ours.known), begun);
    this.#tellWaiting(listing.table, number);
    return listing;
  }

  #take(listed: Listed, begun: number): Listing {
    const at = this.#now();
    const { isWhole } = listed;
    this.#last = { begun, at, costMs: at - begun, table: this.#ours.note(listed), isWhole, marked: null };
    return this.#last;
  }

  #listingSoon(asOf: AsOf, since: number, after: number): Listing {
    const last = this.#last !== null && this.#last.begun > after ? this.#last : null;
    if (last === null && this.#isAskedOften) throw new NotKnownYet();
    const enough = last !== null && last.begun >= since ? last : null;
    const fresh = last === null ? null : this.#fresh(asOf);
    const known = enough ?? fresh ?? (this.#isUnderWay ? null : this.#begin());
    if (known === null) throw new NotKnownYet();
    if (known instanceof CannotAsk) throw known;
    return known;
  }

  /** Begins a listing. Returns it if the system answers at once, else null. */
  #begin(): Listing | CannotAsk | null {
    const begun = this.#now();
    const number = this.#begun++;
    let outcome: Listing | CannotAsk | null = null;
    this.#isUnderWay = true;
    this.#os.later.listing(this.#ours.known, (answer) => {
      this.#isUnderWay = false;
      // Somebody who could not wait may have listed meanwhile.
      if (this.#last !== null && this.#last.begun > begun) outcome = this.#last;
      else outcome = answer instanceof CannotAsk ? answer : this.#take(answer, begun);
      this.#tellWaiting(outcome instanceof CannotAsk ? null : outcome.table, number);
      if (this.#waiting.length > 0) void this.#begin();
    });
    return outcome;
  }

  /** A listing that had begun before the question cannot answer it. */
  #tellWaiting(table: ProcessTable | null, number: number): void {
    const all = this.#waiting;
    this.#waiting = all.filter(({ begun }) => begun > number);
    for (const { begun, done } of all) if (begun <= number) done(table);
  }

  #markedNow(asOf: AsOf, after: number): Pick<Listing, 'marked'> {
    const listing = this.#listing(asOf, after);
    if (listing.marked === null) this.#noteMarks(listing, (unread) => this.#environmentsOf(unread));
    return listing;
  }

  #markedSoon(asOf: AsOf, since: number, after: number, { present }: Marker): Pick<Listing, 'marked'> {
    if (asOf === 'ever' && this.#firstMarked !== null) return this.#firstMarked;
    this.#noteFolder(present[ID_NAME]);
    const listing = this.#listingSoon(asOf, since, after);
    if (listing.marked !== null) return listing;
    if (this.#isReadingMarkers) throw new NotKnownYet();
    let refusal: CannotAsk | null = null;
    const unread = this.#unread(listing);
    const take = (answer: readonly Carrier[] | CannotAsk): void => {
      this.#isReadingMarkers = false;
      if (answer instanceof CannotAsk) refusal = answer;
      else this.#noteMarks(listing, () => answer);
    };
    this.#isReadingMarkers = true;
    if (unread.length === 0) take([]);
    else this.#os.later.processesWithEnv(MARKER_NAME, unread, take);
    if (refusal !== null) throw refusal;
    if (listing.marked === null) throw new NotKnownYet();
    return listing;
  }

  /** Those of a listing that may bear a marker. */
  #candidates({ table }: Listing): readonly ProcessInfo[] {
    return table.living.filter(({ pid, pgid }) => !this.#isKnownGroup(pgid) && !this.#isTool(pid));
  }

  #unread(listing: Listing): readonly number[] {
    return this.#candidates(listing)
      .filter(({ pid, start }) => this.#read.get(pid)?.start !== start)
      .map(({ pid }) => pid);
  }

  #noteMarks(listing: Listing, ask: (unread: readonly number[]) => readonly Carrier[]): void {
    const carriers = new Map(ask(this.#unread(listing)).map((carrier) => [carrier.pid, carrier]));
    const before = this.#read;
    // Only who lives is remembered from now on.
    if (listing.isWhole) this.#read = new Map();
    const marked: Marked[] = [];
    for (const info of this.#candidates(listing)) {
      const known = before.get(info.pid);
      const entry =
        known?.start === info.start ? known : { start: info.start, carrier: carriers.get(info.pid) ?? null };
      this.#read.set(info.pid, entry);
      if (entry.carrier !== null) marked.push({ info, carrier: entry.carrier });
    }
    this.#ours.add(marked.filter(({ carrier }) => this.#isOurs(carrier)).map(({ info }) => info));
    this.#ours.decide(listing.table.living);
    listing.marked = indexBy(marked, ({ carrier }) => [...new Set(carrier.values)]);
    this.#firstMarked ??= { marked: listing.marked };
  }

  /** Processes with its marker may have been taken for foreign ones. */
  #noteFolder(mark: string | undefined): void {
    if (mark === undefined || this.#folders.has(folderOf(mark))) return;
    this.#folders.add(folderOf(mark));
    const last = this.#last;
    if (last === null || (last.isWhole && last.marked === null)) return;
    this.#ours.readAll();
    if (!last.isWhole) this.#last = null;
  }

  /** Not that of another daemon, which may have thousands. */
  #isOurs(carrier: Carrier): boolean {
    const isOf = (id: string): boolean => carrier.has(ID_NAME, id) || carrier.has(ID_NAME, testMark(id));
    return !carrier.has(ID_NAME) || [...this.#folders].some(isOf);
  }
}

function bearers({ marked }: Pick<Listing, 'marked'>, marker: Marker): readonly ProcessInfo[] {
  return (marked?.get(marker.present[MARKER_NAME] ?? '') ?? [])
    .filter(({ carrier }) => bears(carrier, marker))
    .map(({ info }) => info);
}

function bears(carrier: Carrier, { present, absent, earlier }: Marker): boolean {
  if (earlier !== undefined && bears(carrier, earlier)) return true;
  return (
    Object.entries(present).every(([name, value]) => carrier.has(name, value)) &&
    !absent.some((name) => carrier.has(name))
  );
}
