import type { CannotAsk } from './system-error.ts';

/** A process that lives: `start` tells it from a later one of the same pid. */
export interface Identity {
  readonly pid: number;
  /** Start time as the system words it: compared, never interpreted. */
  readonly start: string;
}

export interface ProcessInfo extends Identity {
  readonly ppid: number;
  readonly pgid: number;
  /** null where the system does not tell (macOS). */
  readonly sid: number | null;
  /** First letter of the state as `ps` prints it; `Z` is a zombie, `T` is stopped. */
  readonly state: string;
}

export type LockResult =
  | {
      readonly ok: true;
      readonly release: () => void;
      /** False once the file at the path is another one, or none: then the lock says nothing any more. */
      readonly holds: () => boolean;
    }
  | { readonly ok: false; readonly reason: 'busy' | 'error'; readonly message: string };

/** A process in whose environment a variable was found, and which can be asked for others. */
export interface Carrier {
  readonly pid: number;
  /** What that variable is; more than one where the system does not tell them from what looks like one. */
  readonly values: readonly string[];
  /** Whether it has a variable, whole, of this value or of any. */
  has(name: string, value?: string): boolean;
}

/** What is known of the processes of the last listing. */
export interface KnownProcesses {
  /** Whether the group, session and parent of this one cannot change, or matter to nobody. */
  readonly isSettled: (pid: number) => boolean;
  /** The pids of all others. */
  readonly others: Iterable<number>;
  /** About how many there are of both. */
  readonly count: number;
}

/** What came of a listing, zombies included. */
export interface Listed {
  readonly found: readonly ProcessInfo[];
  /** Whether this is every process that this user can see; else all but those that were settled. */
  readonly isWhole: boolean;
}

/** Every difference between Linux and macOS that overseer meets. */
export interface Os {
  readonly name: 'linux' | 'darwin';
  /**
   * Whether one process can be asked for in microseconds; else it takes a program, and many are asked for
   * together.
   */
  readonly isQuick: boolean;
  /** Changes with every boot. */
  bootId(): string;
  /** True while the system knows a process of this pid, be it a zombie. Cheap. */
  pidIsKnown(pid: number): boolean;
  /** The live process of this pid; null when there is none or it is a zombie. */
  identify(pid: number): ProcessInfo | null;
  /**
   * The moment of a start time, in milliseconds since the machine was started; null where it is none (macOS).
   */
  startedAt(start: string): number | null;
  /** Every process that this user can see, zombies included. */
  processes(): readonly ProcessInfo[];
  /**
   * The same without the settled processes of the last listing. They are included where so many processes
   * have started since then that their pids may have been reused.
   */
  listing(known: KnownProcesses | null): Listed;
  /** The members of one process group, zombies included. */
  group(pgid: number): readonly ProcessInfo[];
  /** True while the system knows a process group at all, be it by zombies alone. Cheap. */
  groupIsKnown(pgid: number): boolean;
  /**
   * True while the process group has a member that is not a zombie; of one turn of the event loop, not of one
   * moment.
   */
  groupAlive(pgid: number): boolean;
  /**
   * The processes whose environment has a variable of this name, as far as the system shows it: of those
   * given, or of all.
   */
  processesWithEnv(name: string, among?: readonly number[]): readonly Carrier[];
  /** Takes the kernel's lock on a file, made if missing, for as long as this process lives. */
  lock(path: string): LockResult;
  /** For questions that no signal follows at once. */
  readonly later: LaterOs;
}

/**
 * Gets what the system answers, or why it cannot be asked: before the call returns on Linux, and later on
 * macOS.
 */
export type OsAnswer<T> = (answer: T | CannotAsk) => void;

/** Questions to the system that do not hold up the event loop. */
export interface LaterOs {
  /** Those of these pids that live. */
  identify(pids: readonly number[], done: OsAnswer<readonly ProcessInfo[]>): void;
  listing(known: KnownProcesses | null, done: OsAnswer<Listed>): void;
  group(pgid: number, done: OsAnswer<readonly ProcessInfo[]>): void;
  processesWithEnv(name: string, among: readonly number[], done: OsAnswer<readonly Carrier[]>): void;
  /** Whose stdout or stderr each of these files is; nobody's on Linux, which shows environments. */
  writers(files: readonly string[], done: OsAnswer<ReadonlyMap<string, readonly number[]>>): void;
}
