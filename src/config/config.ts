import type { JobState } from './state-words.ts';
import type { ResourceLimits } from './values/resource-limits.ts';

/** The checked config with every default filled in. Durations are milliseconds, sizes bytes. */
export interface Config {
  readonly jobs: readonly Job[];
}

/** A program and its arguments; run without a shell. */
export interface CommandLine {
  readonly exe: string;
  readonly args: readonly string[];
}

/** When a job that another comes after counts as up. */
export type DependencyState = 'running' | 'finished';

export type RestartPolicy = 'always' | 'on-failure' | 'never';

/** One `[[jobs]]` table. A key that the user left out has its default here. */
export interface Job {
  readonly name: string;
  readonly command: CommandLine;
  readonly test: CommandLine | null;
  /** Absolute; `~` and a leading `$HOME` are already expanded. */
  readonly cwd: string;
  /** As written: `${NAME}` is resolved when the job is launched. */
  readonly env: Readonly<Record<string, string>>;
  /** The content of the `env_file`s when the config was read; later files win. Merged before `env`. */
  readonly envFromFiles: Readonly<Record<string, string>>;
  readonly umask: number | null;
  readonly restart: RestartPolicy;
  readonly startMs: number;
  readonly backoff: { readonly minMs: number; readonly maxMs: number; readonly factor: number };
  /** Consecutive failures before `failed`; 0 never gives up. */
  readonly maxRestarts: number;
  readonly successCodes: readonly number[];
  readonly stopSignal: NodeJS.Signals;
  readonly stopTimeoutMs: number;
  readonly testTimeoutMs: number;
  readonly testIntervalMs: number | null;
  readonly after: readonly string[];
  /**
   * The state that a job in `after` must be in, where the user gives one. Otherwise it depends on that job.
   */
  readonly afterIs: Readonly<Record<string, DependencyState>>;
  readonly ready: Ready | null;
  readonly schedule: string | null;
  readonly runAtStart: boolean;
  /** The number of numbered copies; null is one copy with the job's own name. */
  readonly instances: number | null;
  readonly watch: readonly string[];
  readonly log: LogPolicy;
  readonly description: string | null;
  /** Each once. */
  readonly tags: readonly string[];
  /** If false, only a start by hand starts the job. */
  readonly enabled: boolean;
  /** Soft limits, in the units of ulimit(1). */
  readonly limits: ResourceLimits;
  readonly nice: number | null;
  readonly alive: Alive | null;
  /** The resident memory that its process tree may have while it runs. */
  readonly maxMemoryBytes: number | null;
  /** Its standard input is a pipe that `send` and `attach` write to; else it is empty. */
  readonly stdin: boolean;
  /** A change or restart replaces one copy at a time. */
  readonly rolling: boolean;
  /** What to run when the job enters a state. */
  readonly on: HookCommands;
}

export type HookCommands = Readonly<Partial<Record<JobState, CommandLine>>>;

export interface LogPolicy {
  readonly maxBytes: number;
  readonly keep: number;
  readonly rotate: 'pause' | 'truncate' | 'off';
  /** Whether a process copies the job's outputs to its log, or the job writes to the log itself. */
  readonly outputs: 'pipe' | 'file';
}

/** When a started job counts as running. `timeoutMs` bounds one probe. */
export type Ready = (
  | { readonly kind: 'command'; readonly command: CommandLine }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'http'; readonly url: string }
  | { readonly kind: 'log'; readonly pattern: string }
) & {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** The whole start may take this long. */
  readonly withinMs: number;
  /**
   * The text of `tcp`, `http` or `log` where it refers to variables: what the other fields say is then found
   * for each run.
   */
  readonly written?: string;
};

/** The check of a running job: one probe each time, of the same kinds as `Ready`, without `log`. */
export type Alive = AliveProbe & {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** After this many consecutive failures the job is stopped. */
  readonly failures: number;
  readonly written?: string;
};

export type AliveProbe =
  | { readonly kind: 'command'; readonly command: CommandLine }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'http'; readonly url: string };

/** Something wrong in what the user wrote: a value, never an exception. Lines and columns count from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The problem and its remedy in one line. */
  readonly message: string;
  /** The source line with a caret below it, ready to print; absent where there is none. */
  readonly excerpt?: string;
  /** It is about a folder, which has no lines. */
  readonly isFolder?: true;
}

/** The result of reading the config. `files` is empty when the folder is missing or holds no *.toml. */
export type ConfigReading =
  | { readonly ok: true; readonly files: readonly string[]; readonly config: Config }
  | { readonly ok: false; readonly files: readonly string[]; readonly problems: readonly Problem[] };
