import type { Carrier, Os, ProcessInfo } from '../../os/os.ts';
import { isAlive } from '../../os/is-alive.ts';
import { indexBy } from '../../text/index-by.ts';
import type { Marker } from '../ports.ts';
import { ProcessTable } from './process-table.ts';

/** How old a listing may be, at least; and how many times as old as it took to make. */
const FRESH = {
  closely: { ms: 0, costs: 2 },
  'of late': { ms: 100, costs: 4 },
  idly: { ms: 5_000, costs: 50 },
} as const;

/** `closely` sees what was started just now; `of late` serves everybody who polls; `idly` is for what hardly ever changes. */
export type AsOf = keyof typeof FRESH;

/** How often the members of a group that forks all the time are listed anew for one look. */
const MEMBER_TRIES = 5;

/** The variable that every process of a job has. */
const MARKER_NAME = 'OVERSEER_JOB';

interface Listing {
  readonly at: number;
  readonly costMs: number;
  readonly table: ProcessTable;
  readonly living: readonly ProcessInfo[];
  marked: ReadonlyMap<string, readonly Marked[]> | null;
}

interface Marked {
  readonly info: ProcessInfo;
  readonly carrier: Carrier;
}

export interface ListingsOptions {
  readonly os: Os;
  /** The groups of children whose marker needs no reading, by their numbers: they are certainly theirs. */
  readonly isKnownGroup?: (pgid: number) => boolean;
  readonly now?: () => number;
}

/**
 * The processes of this machine, listed once for all who ask within a while that grows with what a listing costs. The
 * environment of a process is read once in its life.
 */
export class Listings {
  readonly #os: Os;
  readonly #isKnownGroup: (pgid: number) => boolean;
  readonly #now: () => number;
  #last: Listing | null = null;
  /** What was read of the environments of processes that live. */
  #read = new Map<number, { readonly start: string; readonly carrier: Carrier | null }>();

  constructor({ os, isKnownGroup = () => false, now = () => performance.now() }: ListingsOptions) {
    this.#os = os;
    this.#isKnownGroup = isKnownGroup;
    this.#now = now;
  }

  table(asOf: AsOf = 'of late'): ProcessTable {
    return this.#listing(asOf).table;
  }

  /** The processes whose environment has a marker. */
  marked(marker: Marker): readonly ProcessInfo[] {
    const listing = this.#listing('of late');
    listing.marked ??= this.#readMarkers(listing.living);
    return (listing.marked.get(marker.present[MARKER_NAME] ?? '') ?? [])
      .filter(({ carrier }) => bears(carrier, marker))
      .map(({ info }) => info);
  }

  /** The processes of whichever job whose environment has a variable of a value. */
  markedWith(name: string, value: string): readonly ProcessInfo[] {
    const listing = this.#listing('closely');
    listing.marked ??= this.#readMarkers(listing.living);
    const found = [...listing.marked.values()].flat().filter(({ carrier }) => carrier.has(name, value));
    return [...new Set(found.map(({ info }) => info))];
  }

  /**
   * Whether a group has a member with a marker right now. Its members may fork and end faster than they can be listed, so
   * it is tried a few times.
   */
  hasMarkedMember(pgid: number, marker: Marker): boolean {
    for (let tries = 0; tries < MEMBER_TRIES && this.#os.groupAlive(pgid); tries += 1) {
      const members = this.#os.processes().filter((info) => info.pgid === pgid && isAlive(info));
      const carriers = this.#os.processesWithEnv(
        MARKER_NAME,
        members.map(({ pid }) => pid),
      );
      const found = carriers.find((carrier) => bears(carrier, marker));
      const member = members.find(({ pid }) => pid === found?.pid);
      if (member !== undefined && this.#os.identify(member.pid)?.start === member.start) return true;
      if (members.length > 0 && found === undefined && members.every((each) => this.#isSameProcess(each)))
        return false;
    }
    return false;
  }

  #isSameProcess({ pid, start }: ProcessInfo): boolean {
    return this.#os.identify(pid)?.start === start;
  }

  #listing(asOf: AsOf): Listing {
    const { ms, costs } = FRESH[asOf];
    const begun = this.#now();
    if (this.#last !== null && begun - this.#last.at <= Math.max(ms, costs * this.#last.costMs))
      return this.#last;
    const living = this.#os.processes().filter((info) => info.pid !== process.pid && isAlive(info));
    const at = this.#now();
    this.#last = { at, costMs: at - begun, table: new ProcessTable(living), living, marked: null };
    return this.#last;
  }

  #readMarkers(living: readonly ProcessInfo[]): ReadonlyMap<string, readonly Marked[]> {
    const candidates = living.filter(({ pgid }) => !this.#isKnownGroup(pgid));
    const unread = candidates.filter(({ pid, start }) => this.#read.get(pid)?.start !== start);
    const found =
      unread.length === 0
        ? []
        : this.#os.processesWithEnv(
            MARKER_NAME,
            unread.map(({ pid }) => pid),
          );
    const carriers = new Map(found.map((carrier) => [carrier.pid, carrier]));
    const read = new Map<number, { readonly start: string; readonly carrier: Carrier | null }>();
    const marked: Marked[] = [];
    for (const info of candidates) {
      const known = this.#read.get(info.pid);
      const entry =
        known?.start === info.start ? known : { start: info.start, carrier: carriers.get(info.pid) ?? null };
      read.set(info.pid, entry);
      if (entry.carrier !== null) marked.push({ info, carrier: entry.carrier });
    }
    this.#read = read;
    return indexBy(marked, ({ carrier }) => [...new Set(carrier.values)]);
  }
}

function bears(carrier: Carrier, { present, absent, earlier }: Marker): boolean {
  if (earlier !== undefined && bears(carrier, earlier)) return true;
  return (
    Object.entries(present).every(([name, value]) => carrier.has(name, value)) &&
    !absent.some((name) => carrier.has(name))
  );
}
