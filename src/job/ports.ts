import type { ResourceLimits } from '../config/values/resource-limits.ts';
import type { LogPolicy } from '../config/config.ts';

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
  /** The folder for the exit codes of this instance. What earlier runs have left there is removed. */
  readonly exits: string;
  /** The file there of this run, in which a shell that stays beside the program records the exit; null where the code decides nothing. */
  readonly exitFile: string | null;
  /** How long a shell that is sent away from its gate has before it is killed. */
  readonly stopTimeoutMs: number;
}

/** A process of ours, told from every other that has had or will have its pid. Its pid is also its process group. */
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

/** How a child ended: by itself with a code, or by a signal. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface LaunchEvents {
  /** The child exists and waits at its gate: record it, then `release` it. */
  readonly spawned: (child: SpawnedChild) => void;
  /** Nothing was started. `lasting` when trying again without a change of config is of no use. */
  readonly failed: (failure: { readonly detail: string; readonly lasting: boolean }) => void;
  readonly exited: (exit: ChildExit) => void;
  /** At once when the system has given up the child's number; `exited` may come later. */
  readonly reaped?: () => void;
}

export interface Launch {
  /** Lets the program begin. */
  release(): void;
  /**
   * Nothing will begin any more: not spawned yet, it never is; waiting at the gate, it leaves, and is not told of any more if it
   * was not yet. No effect after `release`. Calls back when nothing of it is left.
   */
  cancel(gone?: () => void): void;
}

export interface TestEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** Why the test could not be started; null when it ran. */
  readonly error: string | null;
  /** The end of what it printed, as text. */
  readonly output: string;
}

/** What tells the environment of one instance's processes from every other: variables with their values, and names that it lacks. */
export interface Marker {
  readonly present: Readonly<Record<string, string>>;
  readonly absent: readonly string[];
  /** The log that its processes write to: a second sign, where environments are hidden. */
  readonly log?: string;
  /** How a version from before data folders had ids marked the same instance. */
  readonly earlier?: Marker;
}

/** How a child of ours is: its leader lives, only others that it started do, or nothing is left. */
export type GroupState = 'alive' | 'leaderless' | 'gone';

/** The operating system's processes, as far as jobs need them. Nothing here throws for what the world does. */
export interface Processes {
  launch(request: LaunchRequest, on: LaunchEvents): Launch;
  /** Runs a test in a group of its own; `end` kills the group, and then `done` is called as for any other end. */
  runTest(program: Program, done: (end: TestEnd) => void): { end(): void };
  look(child: SpawnedChild, marker: Marker): GroupState;
  /** Whether the child's number is certainly still its group; `look` also counts those who have left it. */
  ownsGroup(child: SpawnedChild, marker: Marker): boolean;
  /** When a child was started, in milliseconds since the machine was; null where the system does not tell. */
  startedAt(child: ChildIdentity): number | null;
  /** The exit that was recorded in an `exitFile`; null when there is none, or none that can be read. */
  recordedExit(exitFile: string): ChildExit | null;
  /** Signals the whole group, if it is still that child's. */
  signal(child: SpawnedChild, signal: NodeJS.Signals | `SIGRTMIN+${number}`): 'sent' | 'gone' | 'forbidden';
  /** Kills the tests that a dead daemon of a data folder has left. Call it before the first test: they are known by what marks tests. */
  endOrphanedTests(mark: string): void;
  /** Ends what bears a marker although nobody knows of it, such as the jobs of a state that was lost; calls back when nothing of it is left. */
  clear(marker: Marker, done: () => void): void;
  /** Signals the group and whoever left it; from then on `look` counts those in until nothing is left. */
  signalAll(child: SpawnedChild, marker: Marker, signal: NodeJS.Signals): void;
}

/** One line an event, for people. */
export interface DaemonLog {
  line(text: string): void;
}

/** Hears once what came of a probe: null when it is ready, else a clause that says why not. */
export type ProbeDone = (failure: string | null) => void;

/** Looks at what a job offers to the world. Nothing here throws for what the world does. */
export interface Probes {
  /** Whether somebody accepts a connection there; after `end` no answer comes. */
  connect(to: { readonly host: string; readonly port: number }, done: ProbeDone): { end(): void };
  /** Whether a URL is answered with a status from 200 to 399; after `end` no answer comes. */
  request(url: string, done: ProbeDone): { end(): void };
  /** Length of a log in bytes; 0 where there is none. */
  logSize(path: string): number;
  /** Tells a rotated log from every other; empty where there is none. */
  logId(path: string): string;
  /** So many bytes of a log from a place on, fewer where it ends. */
  readLog(path: string, from: number, limit: number): Uint8Array;
  /** Whether one of these lines matches a regular expression; `too-slow` when that cannot be told in good time, `unusable` when the expression is refused. */
  match(pattern: string, lines: readonly string[]): boolean | 'too-slow' | 'unusable';
}

/** Globs, relative to a folder unless absolute; those that begin with `!` take matches out again. */
export interface WatchRequest {
  readonly cwd: string;
  readonly globs: readonly string[];
}

export interface WatchEvents {
  /** A matching file is new, has changed, or is gone. */
  readonly changed: (path: string) => void;
  /** All that is to be said of the watch now: globs that match nothing, and what cannot be watched. */
  readonly remarked: (remarks: readonly string[]) => void;
}

export interface Watching {
  /** Looks around anew: what was missing, or could not be watched, may be there now. */
  renew(): void;
  end(): void;
}

/** The files that jobs are restarted for. */
export interface Files {
  watch(request: WatchRequest, on: WatchEvents): Watching;
}
