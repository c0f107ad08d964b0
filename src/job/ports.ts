import type { ResourceLimits } from '../config/values/resource-limits.ts';
import type { LogPolicy } from '../config/config.ts';
import type { NoRoom } from './no-room.ts';

/** A program to run, everything resolved: nothing is looked up or expanded any more. */
export interface Program {
  readonly exe: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface LaunchRequest extends Program {
  /** Mask of the permission bits that the program's new files lack. */
  readonly umask: number;
  /** Soft limits in the units of ulimit(1), in place of those that are inherited. */
  readonly limits: ResourceLimits;
  /** Its priority; null leaves the daemon's. */
  readonly nice: number | null;
  /** Appended to by the program itself, stdout and stderr in the order written. */
  readonly log: { readonly path: string; readonly policy: LogPolicy };
  /**
   * The folder for the exit codes of this instance. What earlier runs have left there is removed; null while
   * that is on no other record.
   */
  readonly exits: string | null;
  /**
   * The file there of this run, in which a shell that stays beside the program records the exit; null where
   * the code decides nothing.
   */
  readonly exitFile: string | null;
  /** The FIFO that is to be its standard input; null leaves that empty. */
  readonly stdin: string | null;
  /** How long a shell that is cancelled at its gate may take before it is killed. */
  readonly stopTimeoutMs: number;
}

/**
 * Identifies a child: no other process, past or future, has the same pid, start time and boot. The pid is
 * also its process group.
 */
export interface ChildIdentity {
  readonly pid: number;
  readonly start: string;
  readonly boot: string;
}

/** A child that was just started. */
export interface SpawnedChild extends ChildIdentity {
  /** The pid of the program itself, where a shell stays beside it. */
  readonly program?: number;
  /** When that program was started: so it is known without its environment. */
  readonly programStart?: string;
}

/** The exit of a child: a code, or the signal that killed it. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** Calls back when the output of a child is in its log, or cannot be waited for any longer. */
export type WhenDrained = (done: () => void) => void;

export interface LaunchEvents {
  /** The child exists and waits at its gate: record it, then `release` it. */
  readonly spawned: (child: SpawnedChild) => void;
  /** Nothing was started. `lasting` when another try is useless without a change of the config. */
  readonly failed: (failure: { readonly detail: string; readonly lasting: boolean }) => void;
  /** The child has ended. `whenDrained` is null where all of its output is in its log already. */
  readonly exited: (exit: ChildExit, whenDrained: WhenDrained | null) => void;
  /** Called as soon as the system has freed the child's pid, before `exited`. */
  readonly reaped?: () => void;
}

export interface Launch {
  /** Lets the program begin. */
  release(): void;
  /**
   * Prevents the program from beginning. A child that is not spawned yet never will be; one at its gate exits
   * and is not reported if it was not reported before. No effect after `release`. Calls back when all of its
   * processes are gone.
   */
  cancel(gone?: () => void): void;
}

export interface TestEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** Why the test could not be started; null when it ran. */
  readonly error: string | null;
  /** The end of the test's output, as text. */
  readonly output: string;
  /** It could not be started because the system had no room for it. */
  readonly isOfNoRoom?: boolean;
}

/**
 * Identifies the processes of one instance by their environment: variables with their values, and names that
 * must be missing.
 */
export interface Marker {
  readonly present: Readonly<Record<string, string>>;
  readonly absent: readonly string[];
  /** The log that its processes write to: a second sign, where environments are hidden. */
  readonly log?: string;
  /** The marker of the same instance from before data folders had ids. */
  readonly earlier?: Marker;
}

/** Whether the leader of the group is alive, only other members are, or none. */
export type GroupState = 'alive' | 'leaderless' | 'gone';

/** The operating system's processes. Nothing here throws for anything that the world does. */
export interface Processes {
  launch(request: LaunchRequest, on: LaunchEvents): Launch;
  /**
   * Runs a test in its own process group. `begun` is called when it has its process, which may be long after
   * this call where many are started. `end` kills the group; `done` is called as for any other end.
   */
  runTest(program: Program, done: (end: TestEnd) => void, begun?: () => void): { end(): void };
  look(child: SpawnedChild, marker: Marker): GroupState;
  /** Whether the child's number is certainly still its group; `look` also counts those who have left it. */
  ownsGroup(child: SpawnedChild, marker: Marker): boolean;
  /** When a child was started, in milliseconds since the machine was; null where the system does not tell. */
  startedAt(child: ChildIdentity): number | null;
  /** The exit recorded in an `exitFile`; null when there is none or it cannot be read. */
  recordedExit(exitFile: string): ChildExit | null;
  /** Removes the FIFO that was the standard input of a child that is gone. */
  forgetStdin(path: string): void;
  /** Signals the whole group, if it is still that child's. */
  signal(child: SpawnedChild, signal: NodeJS.Signals | `SIGRTMIN+${number}`): 'sent' | 'gone' | 'forbidden';
  /**
   * The resident memory of the process tree of each child that lives, by its pid; null where the system
   * cannot be asked.
   */
  memoryOf(
    children: readonly ChildIdentity[],
    done: (bytes: ReadonlyMap<number, number> | null) => void,
  ): void;
  /**
   * Kills the tests that a dead daemon of a data folder has left. Call it before the first test: they are
   * known by what marks tests.
   */
  endOrphanedTests(mark: string): void;
  /**
   * Kills processes that carry the marker but are in no record, such as those of a lost state. Calls back
   * when none is left.
   */
  clear(marker: Marker, done: () => void): void;
  /**
   * Signals the group and the processes that left it, by a listing that began after the signal was decided
   * on, in milliseconds of the clock. From then on `look` includes these until none is left.
   */
  signalAll(child: SpawnedChild, marker: Marker, signal: NodeJS.Signals, decidedAt: number): void;
}

/** Measures the memory of running jobs, together. */
export interface MemorySamples {
  /**
   * Measures the process tree of a child every few seconds until `end`. `sampled` returns true where the next
   * sample should come soon.
   */
  sample(child: ChildIdentity, sampled: (bytes: number) => boolean): { end(): void };
}

/** A log with one line per event. */
export interface DaemonLog {
  line(text: string): void;
}

/** Null where a probe succeeded, else a clause with the reason. `NoRoom` tells nothing of the job. */
export type ProbeFailure = string | NoRoom | null;

/** Called once with the result of a probe. */
export type ProbeDone = (failure: ProbeFailure) => void;

/** Probes the services of a job. Nothing here throws for anything that the world does. */
export interface Probes {
  /** Whether a connection is accepted; after `end` no answer comes. */
  connect(to: { readonly host: string; readonly port: number }, done: ProbeDone): { end(): void };
  /** Whether a URL is answered with a status from 200 to 399; after `end` no answer comes. */
  request(url: string, done: ProbeDone): { end(): void };
  /** Length of a log in bytes; 0 where there is none, null where the system cannot tell just now. */
  logSize(path: string): number | null;
  /** Identifies a log file across rotations; empty where there is none, null where nobody can tell now. */
  logId(path: string): string | null;
  /** The kind of what stands in the place of a log, such as `file` or `folder`; null where nothing does. */
  logKind(path: string): string | null;
  /** Bytes of a log from an offset on; fewer at its end. Null where it cannot be read just now. */
  readLog(path: string, from: number, limit: number): Uint8Array | null;
  /**
   * Whether one of the lines matches a regular expression. `too-slow`: matching took too long; `too-busy`:
   * it hardly got any processor time, so it is to be asked again; `unusable`: the expression was refused.
   */
  match(pattern: string, lines: readonly string[]): boolean | 'too-slow' | 'too-busy' | 'unusable';
}

/** Globs, relative to a folder unless absolute; those that begin with `!` take matches out again. */
export interface WatchRequest {
  readonly cwd: string;
  readonly globs: readonly string[];
}

export interface WatchEvents {
  /** A matching file is new, has changed, or is gone. */
  readonly changed: (path: string) => void;
  /** All present remarks about the watch: globs without a match, and files that cannot be watched. */
  readonly remarked: (remarks: readonly string[]) => void;
}

export interface Watching {
  /** Scans again: missing or unwatchable files may be available now. */
  renew(): void;
  end(): void;
}

/** The files that jobs are restarted for. */
export interface Files {
  watch(request: WatchRequest, on: WatchEvents): Watching;
}
