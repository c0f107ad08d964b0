import type { ChildExit } from '../../src/job/ports.ts';
import type { Random } from '../support/random.ts';
import type { Timeline } from '../support/timeline.ts';

/** Few pids, so that a pid of ours soon belongs to somebody else. None of them exists on the real machine. */
const FIRST_PID = 9_000_001;
const PIDS = { least: 40, withWriters: 60 } as const;

/**
 * A pid is reused after all others: on real systems after ten seconds at least, here after more time than
 * lies between two polls of an adopted job.
 */
const REUSE_MS = 1_100;

/** The unit of start times. Pid and start time identify a process of a boot; some systems count coarsely. */
const TICKS_MS = [10, 10, 200];

/** With fewer free pids than this even an init that never reaps is made to. */
const CROWDED = 6;

/**
 * `leftover` is what a program started in its group and does not wait for, `stray` what has left its group;
 * `test` is a run of a job's test; `writer` carries the output of a job to its log.
 */
type Role = 'gate' | 'shell' | 'program' | 'leftover' | 'stray' | 'test' | 'writer' | 'foreign';

/** Called when a child ends; `reap` removes it from the table, and is false if that was done before. */
export interface Parent {
  childEnded(child: SimProcess, exit: ChildExit, reap: () => boolean): void;
}

export interface SimProcess {
  readonly pid: number;
  readonly pgid: number;
  readonly sid: number;
  /** Who forked it; null for a child of a daemon, and for a foreign one. */
  readonly by: SimProcess | null;
  readonly start: string;
  readonly forkedAt: number;
  /** The job instance that it belongs to; null for a foreign one. */
  readonly instance: string | null;
  readonly onSignal: (signal: NodeJS.Signals) => void;
  parent: Parent;
  role: Role;
  /** Its environment as the system shows it. A shell at a gate or beside a program has none of the job's. */
  env: Readonly<Record<string, string>>;
  /** It has overwritten its environment, so that the marker in it is not found. */
  hidesMarker: boolean;
  /** Its output does not go to the log of its job any more. */
  hidesLog: boolean;
  isZombie: boolean;
  exit: ChildExit | null;
  /** Null while it lives, and of what went with the power. */
  endedAt: number | null;
}

export type Fork = Pick<SimProcess, 'instance' | 'onSignal' | 'parent' | 'role'> & {
  /** The group that it joins; a group of its own if not given. */
  readonly pgid?: number;
  /** The session that it stays in; one of its own if not given. */
  readonly sid?: number;
  readonly by?: SimProcess;
  readonly env?: Readonly<Record<string, string>>;
};

export interface ProcessTableOptions {
  readonly timeline: Timeline;
  readonly random: Random;
  /** What start times count; any of those that there are if null. */
  readonly tickMs: number | null;
  /** Whether jobs have writers. */
  readonly hasWriters: boolean;
  /** Some process has ended, or all of them. */
  readonly onEnd: () => void;
}

/** The processes of the simulated machine: reused pids, zombies, groups, an init that may not reap. */
export class ProcessTable {
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #initReaps: boolean;
  readonly #handsOutAtRandom: boolean;
  readonly #tickMs: number;
  readonly #pids: number;
  readonly #onEnd: () => void;
  readonly #processes = new Map<number, SimProcess>();
  /** How many members each group has. */
  readonly #members = new Map<number, number>();
  /** When each pid was last given back. */
  readonly #freedAt = new Map<number, number>();
  #boots = 1;
  #bootedAt = 0;
  #last = FIRST_PID;

  constructor({ timeline, random, tickMs, hasWriters, onEnd }: ProcessTableOptions) {
    this.#timeline = timeline;
    this.#random = random;
    this.#pids = hasWriters ? PIDS.withWriters : PIDS.least;
    this.#onEnd = onEnd;
    // launchd always does.
    this.#initReaps = random.chance(0.7) || tickMs !== null;
    this.#handsOutAtRandom = random.chance(0.5);
    this.#tickMs = tickMs ?? random.pick(TICKS_MS);
  }

  get all(): readonly SimProcess[] {
    return [...this.#processes.values()];
  }

  /** How often the machine has booted. */
  get boots(): number {
    return this.#boots;
  }

  /** When it booted last; 0 if only once. */
  get bootedAt(): number {
    return this.#bootedAt;
  }

  get bootId(): string {
    return `boot-${this.#boots}`;
  }

  find(pid: number): SimProcess | undefined {
    return this.#processes.get(pid);
  }

  /** As the system tells it: a daemon's own children, those of others, and those that init has taken. */
  ppidOf({ by, parent, role }: SimProcess): number {
    if (by !== null) return by.isZombie || this.find(by.pid) !== by ? 1 : by.pid;
    return parent === this.init || role === 'foreign' ? 1 : process.pid;
  }

  /** The processes of an instance that have not ended. */
  liveOf(instance: string): readonly SimProcess[] {
    const live: SimProcess[] = [];
    for (const each of this.#processes.values())
      if (each.instance === instance && !each.isZombie) live.push(each);
    return live;
  }

  /** null when there is no pid left. */
  fork({ pgid, sid, by, env, instance, onSignal, parent, role }: Fork): SimProcess | null {
    const pid = this.#freePid();
    if (pid === null) return null;
    this.#last = pid;
    const forked: SimProcess = {
      pid,
      pgid: pgid ?? pid,
      sid: sid ?? pid,
      by: by ?? null,
      start: String(this.#tick()),
      forkedAt: this.#timeline.now,
      instance,
      onSignal,
      parent,
      role,
      env: env ?? {},
      hidesMarker: false,
      hidesLog: false,
      isZombie: false,
      endedAt: null,
      exit: null,
    };
    this.#processes.set(pid, forked);
    this.#members.set(forked.pgid, (this.#members.get(forked.pgid) ?? 0) + 1);
    return forked;
  }

  /** A process ends; it is a zombie until its parent has heard. */
  end(process: SimProcess, exit: ChildExit): void {
    if (process.isZombie) return;
    process.isZombie = true;
    process.exit = exit;
    process.endedAt = this.#timeline.now;
    process.parent.childEnded(process, exit, () => this.#reap(process));
    this.#onEnd();
  }

  /** Its parent is gone, so init is its parent now. */
  orphan(process: SimProcess): void {
    process.parent = this.init;
    if (process.isZombie && process.exit !== null)
      this.init.childEnded(process, process.exit, () => this.#reap(process));
  }

  readonly init: Parent = {
    childEnded: (_child, _exit, reap) => {
      if (this.#initReaps) this.#timeline.after(this.#random.int(0, 3), reap);
    },
  };

  /** As kill(2) of a whole group does: zombies count as members, and feel nothing. */
  signalGroup(pgid: number, signal: NodeJS.Signals): 'sent' | 'gone' {
    const members = this.all.filter((each) => each.pgid === pgid);
    for (const member of members) if (!member.isZombie) member.onSignal(signal);
    return members.length === 0 ? 'gone' : 'sent';
  }

  /** As kill(2) of one process does. */
  signal(pid: number, signal: NodeJS.Signals): 'sent' | 'gone' {
    const found = this.find(pid);
    if (found?.isZombie === false) found.onSignal(signal);
    return found === undefined ? 'gone' : 'sent';
  }

  /** Everything ends at once, pids and ticks begin anew. */
  reboot(): void {
    for (const process of this.all) process.isZombie = true;
    this.#processes.clear();
    this.#members.clear();
    this.#freedAt.clear();
    this.#boots += 1;
    this.#bootedAt = this.#timeline.now;
    this.#last = FIRST_PID;
  }

  #reap(process: SimProcess): boolean {
    if (this.#processes.get(process.pid) !== process) return false;
    this.#processes.delete(process.pid);
    this.#members.set(process.pgid, (this.#members.get(process.pgid) ?? 0) - 1);
    this.#freedAt.set(process.pid, this.#timeline.now);
    return true;
  }

  #tick(): number {
    return Math.floor((this.#timeline.now - this.#bootedAt) / this.#tickMs) + 1;
  }

  #freePid(): number | null {
    if (this.#processes.size > this.#pids - CROWDED) this.#reapZombies();
    const from = this.#handsOutAtRandom ? this.#random.int(0, this.#pids - 1) : this.#last + 1 - FIRST_PID;
    for (let step = 0; step < this.#pids; step++) {
      const pid = FIRST_PID + ((from + step) % this.#pids);
      if (this.#isFree(pid)) return pid;
    }
    return null;
  }

  /** The system gives no process the number of a group that still has a member. */
  #isFree(pid: number): boolean {
    if (this.#processes.has(pid) || (this.#members.get(pid) ?? 0) > 0) return false;
    return this.#timeline.now - (this.#freedAt.get(pid) ?? -Infinity) > Math.max(REUSE_MS, this.#tickMs);
  }

  #reapZombies(): void {
    for (const each of this.#processes.values())
      if (each.isZombie && each.parent === this.init) this.#reap(each);
  }
}
