import { readFileSync } from 'node:fs';
import type { KnownProcesses, Listed, ProcessInfo } from '../os.ts';

/**
 * The kernel assigns pids upwards and starts again at the top. Before this share of them is used, no pid can
 * be reused.
 */
const WRAP_SHARE = 0.5;

/** Reading the names in /proc costs for each process this part of what a look for one pid does. */
const NAME_COST = 0.25;

/** A process has its pid a little before others can see it; after this time its fork has surely ended. */
const FORK_MS = 2_000;

/** How many of the newest pids may be of forks that had not ended when all names were read. */
const FORKING = 1_024;

/**
 * The kernel's counters: processes and threads since boot, the newest pid, and the number of pids; null where
 * it does not tell.
 */
export interface PidCounts {
  readonly begun: number | null;
  readonly newest: number | null;
  readonly pidMax: number;
}

export interface LinuxListingOptions {
  /** The pids of all processes. */
  readonly all: () => readonly number[];
  readonly read: (pid: number) => ProcessInfo | null;
  /** The same for a pid that nobody may have, or a thread. */
  readonly probe: (pid: number) => ProcessInfo | null;
  readonly counts?: () => PidCounts;
  readonly now?: () => number;
}

/**
 * Lists all processes, or only what has changed: a process that began since the last listing has one of the
 * pids that were assigned since then. So a listing costs little, however many processes there are.
 */
export class LinuxListing {
  readonly #options: LinuxListingOptions;
  readonly #counts: () => PidCounts;
  readonly #now: () => number;
  #last: PidCounts | null = null;
  /** Assigned pids that nobody was seen to have, and since when. */
  readonly #unseen = new Map<number, number>();
  /** Who was there at the last listing, where the kernel does not tell the newest pid. */
  #there: ReadonlySet<number> = new Set();

  constructor(options: LinuxListingOptions) {
    this.#options = options;
    this.#counts = options.counts ?? pidCounts;
    this.#now = options.now ?? (() => performance.now());
  }

  /** `known` is of the last call of this. */
  make(known: KnownProcesses | null): Listed {
    // Read before any process, so that the next listing finds whoever begins during this one.
    const counts = this.#counts();
    const last = this.#last;
    this.#last = counts;
    if (known === null || last === null || !isSoonAfter(last, counts)) return this.#whole(counts);
    const assigned = assignedBetween(last, counts);
    this.#expire();
    const isCheap = assigned !== null && countOf(assigned) + this.#unseen.size < known.count * NAME_COST;
    const found = isCheap ? this.#changes(known, assigned) : this.#named(known, assigned);
    return { found, isWhole: false };
  }

  #whole({ newest, pidMax }: PidCounts): Listed {
    const pids = this.#options.all();
    const found = pids.flatMap((pid) => this.#options.read(pid) ?? []);
    this.#unseen.clear();
    if (newest === null) this.#there = new Set(pids);
    else this.#noteUnseen(pids, newestOf({ from: 0, to: newest, pidMax }));
    return { found, isWhole: true };
  }

  /** Looks for who has one of the pids that were assigned. */
  #changes({ others }: KnownProcesses, assigned: Assigned): readonly ProcessInfo[] {
    this.#noteUnseen([], pidsOf(assigned));
    const found: ProcessInfo[] = [];
    for (const pid of others) {
      const info = this.#unseen.has(pid) ? null : this.#options.read(pid);
      if (info !== null) found.push(info);
    }
    for (const pid of this.#unseen.keys()) {
      const info = this.#options.probe(pid);
      if (info === null) continue;
      this.#unseen.delete(pid);
      found.push(info);
    }
    return found;
  }

  /** By the names of all processes. */
  #named({ isSettled }: KnownProcesses, assigned: Assigned | null): readonly ProcessInfo[] {
    const pids = this.#options.all();
    const isNew =
      assigned === null
        ? (pid: number): boolean => !this.#there.has(pid)
        : (pid: number): boolean => this.#unseen.has(pid) || isIn(assigned, pid);
    const found = pids.flatMap((pid) =>
      isSettled(pid) && !isNew(pid) ? [] : (this.#options.read(pid) ?? []),
    );
    if (assigned === null) this.#there = new Set(pids);
    else this.#noteUnseen(pids, newestOf(assigned));
    return found;
  }

  #noteUnseen(seen: readonly number[], assigned: Iterable<number>): void {
    for (const pid of assigned) this.#unseen.set(pid, this.#now());
    for (const pid of seen) this.#unseen.delete(pid);
  }

  #expire(): void {
    const before = this.#now() - FORK_MS;
    for (const [pid, since] of this.#unseen) if (since < before) this.#unseen.delete(pid);
  }
}

/** Whether so few have begun since then that no pid was assigned twice. */
function isSoonAfter(last: PidCounts, { begun, pidMax }: PidCounts): boolean {
  return begun !== null && last.begun !== null && begun - last.begun < pidMax * WRAP_SHARE;
}

/** The pids after one up to another, beyond the top if that is lower. */
interface Assigned {
  readonly from: number;
  readonly to: number;
  readonly pidMax: number;
}

function assignedBetween(last: PidCounts, { newest, pidMax }: PidCounts): Assigned | null {
  return last.newest === null || newest === null ? null : { from: last.newest, to: newest, pidMax };
}

const countOf = ({ from, to, pidMax }: Assigned): number => to - from + (to < from ? pidMax : 0);

const isIn = ({ from, to }: Assigned, pid: number): boolean =>
  from <= to ? pid > from && pid <= to : pid > from || pid <= to;

function* pidsOf({ from, to, pidMax }: Assigned): Iterable<number> {
  for (let pid = from; pid !== to;) {
    pid = pid >= pidMax ? 1 : pid + 1;
    yield pid;
  }
}

function newestOf(assigned: Assigned): Iterable<number> {
  const { to, pidMax } = assigned;
  if (countOf(assigned) <= FORKING) return pidsOf(assigned);
  return pidsOf({ from: to > FORKING ? to - FORKING : to - FORKING + pidMax, to, pidMax });
}

function pidCounts(): PidCounts {
  try {
    const begun = /^processes (\d+)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1];
    const pidMax = Number(readFileSync('/proc/sys/kernel/pid_max', 'latin1'));
    return { begun: begun === undefined ? null : Number(begun), newest: newestPid(), pidMax };
  } catch {
    // Hidden in some containers: then everything is read each time.
    return { begun: null, newest: null, pidMax: 0 };
  }
}

/** Null in kernels that cannot restore checkpoints. */
function newestPid(): number | null {
  try {
    return Number(readFileSync('/proc/sys/kernel/ns_last_pid', 'latin1'));
  } catch {
    return null;
  }
}
