// The public types of the library. The build copies them into dist/library.d.mts and .d.cts, so this file
// imports nothing. They are the objects that `--json` prints.

/** The words for a job's state. */
export type JobStateWord =
  | 'waiting'
  | 'testing'
  | 'held'
  | 'starting'
  | 'running'
  | 'stopping'
  | 'backoff'
  | 'finished'
  | 'failed'
  | 'stopped';

/** Code and signal are both null when the child ended while no daemon was running. */
export interface ExitJson {
  readonly code: number | null;
  readonly signal: string | null;
  /** ISO 8601. */
  readonly at: string;
}

/** The result of a job's `test_command`. */
export interface TestJson {
  readonly verdict: 'pass' | 'fail' | 'unknown';
  readonly exitCode: number | null;
  /** ISO 8601. */
  readonly at: string;
}

/** One job instance, as in `overseer status --json`. */
export interface JobJson {
  readonly name: string;
  readonly state: JobStateWord;
  /** Null when no process runs. */
  readonly pid: number | null;
  readonly startedAt: string | null;
  readonly restarts: number;
  readonly test: TestJson | null;
  readonly lastExit: ExitJson | null;
  readonly stoppedByHand: boolean;
  readonly nextStartAt: string | null;
  /** Why its last start came to nothing, in words. */
  readonly reason: string | null;
  readonly description: string | null;
  /** It still runs with the config from before a change, until its turn in a roll. */
  readonly oldConfig: boolean;
  /** Of its whole process tree; null unless it was asked for. */
  readonly cpuPercent: number | null;
  readonly memoryBytes: number | null;
  readonly tags: readonly string[];
}

/** The daemon that answered. */
export interface DaemonJson {
  readonly pid: number;
  readonly port: number;
  readonly version: string;
  readonly startedAt: string;
}

/** `overseer status --json`. */
export interface StatusJson {
  readonly daemon: DaemonJson;
  readonly jobs: readonly JobJson[];
}

/** A change of one job instance that was or would be made, and its reason. */
export interface ChangeJson {
  readonly job: string;
  readonly action: 'start' | 'stop' | 'restart' | 'update' | 'remove' | 'none';
  readonly reason:
    | 'new'
    | 'changed'
    | 'removed'
    | 'test-passed'
    | 'test-failed'
    | 'test-unknown'
    | 'by-hand'
    | 'not-running'
    | 'unchanged';
  /** A clause for people; may be empty. */
  readonly detail: string;
  readonly state: JobStateWord;
  readonly pid: number | null;
}

/** Something wrong in the config. */
export interface ProblemJson {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** `overseer --json`, `plan --json` and those of `start`, `stop` and `restart`. */
export interface ReportOfJobs {
  readonly ok: boolean;
  readonly changes: readonly ChangeJson[];
  /** Not empty when the config was refused; then nothing was changed. */
  readonly problems: readonly ProblemJson[];
}

/** `overseer why JOB --json`. */
export interface WhyOfJob {
  readonly status: JobJson;
  /** Sentences, the most telling first. */
  readonly because: readonly string[];
  readonly command: string;
  readonly cwd: string;
  readonly testCommand: string | null;
  readonly testDetail: string | null;
  readonly testOutput: string | null;
  readonly restart: string;
  /** The globs that it watches. */
  readonly watch: readonly string[];
  /** The path of the job's log. */
  readonly log: string;
  /** The last lines that it printed. */
  readonly printed: readonly string[];
  /** The last changes of its state, the oldest first. */
  readonly history: readonly ChangeOfState[];
  /** Its last runs that are over, the oldest first. */
  readonly runs: readonly RunJson[];
}

/** One line of `overseer events --json`. */
export interface EventJson {
  readonly at: string;
  readonly machine: 'daemon' | 'client' | 'job';
  /** The job instance, or the pid of the daemon. */
  readonly id: string;
  readonly event: string;
  readonly from: string;
  readonly to: string;
  /** In words. */
  readonly detail: string;
  /** Only for a job: its state after the event, and the cause. */
  readonly state?: JobStateWord;
  readonly cause?: CauseWord;
  readonly pid?: number | null;
  /** How its run ended, where one is over and no new one has begun. */
  readonly exit?: Omit<ExitJson, 'at'> | null;
  /** The file that changed, where the cause is a watch. */
  readonly file?: string | null;
  readonly nextStartAt?: string | null;
}

/** What leads to a state of a job. */
type CauseWord =
  | 'config'
  | 'by-hand'
  | 'test'
  | 'exit'
  | 'watch'
  | 'schedule'
  | 'alive'
  | 'memory'
  | 'dependency'
  | 'daemon';

/** One change of a job's state, as its history has it. */
type ChangeOfState = Omit<Required<EventJson>, 'machine' | 'id'>;

/** One life of a job's child. */
interface RunJson {
  readonly run: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly durationMs: number;
  readonly exit: Omit<ExitJson, 'at'>;
  /** Why it ended. */
  readonly cause: CauseWord;
  readonly detail: string;
}

/** One line that a job printed. */
export interface LogLine {
  readonly job: string;
  /** Without its line break. Bytes that are no UTF-8 are replaced. */
  readonly line: string;
  /** When it was written, ISO 8601. */
  readonly at: string;
  /** False where it may have been written earlier than `at`. */
  readonly isExact: boolean;
}

/** Progress of a long request. */
export interface ProgressJson {
  readonly done: number;
  readonly of: number;
  readonly pending: readonly { readonly job: string; readonly state: JobStateWord }[];
}

/** Options of every request. */
export interface RequestOptions {
  /** Aborts waiting for the request; changes that have begun go on. */
  readonly signal?: AbortSignal;
}

/** Options of requests that change jobs. */
export interface ChangeOptions extends RequestOptions {
  /** False returns once everything is spawned. Default: true. */
  readonly wait?: boolean;
  readonly onProgress?: (progress: ProgressJson) => void;
}

/** Where to find the daemon, and whether to start one. */
export interface DaemonLocation {
  /** The config, a folder or a file. Default: as for the command. */
  readonly config?: string;
  /** The data folder. Default: that of the command line. */
  readonly data?: string;
  /** Whether `apply` and `start` start a daemon where none runs. Default: false. */
  readonly launch?: boolean;
}

/** One or several jobs, selected by names of jobs or instances, patterns such as `web*`, or `tag:NAME`. */
export type JobNames = string | readonly string[];

/** What limits a trigger to some jobs and those that they come after. Default: all jobs. */
export interface OnlyJobs {
  readonly jobs?: JobNames;
}

/**
 * The running daemon. Each call looks for it again, so a restart of the daemon does no harm. All methods
 * reject with an OverseerError.
 */
export interface OverseerClient {
  /** The daemon that answered when this was connected; null where none ran and `launch` is set. */
  readonly daemon: DaemonJson | null;
  /** All jobs, or these. */
  status(jobs?: JobNames, options?: RequestOptions): Promise<StatusJson>;
  /** Explains the state of one instance. */
  why(job: string, options?: RequestOptions): Promise<WhyOfJob>;
  /** What a trigger would do now. Runs the tests, changes nothing. */
  plan(options?: RequestOptions & OnlyJobs): Promise<ReportOfJobs>;
  /** The trigger. A config with problems is a report with `ok: false`. */
  apply(options?: ChangeOptions & OnlyJobs): Promise<ReportOfJobs>;
  start(jobs: JobNames, options?: ChangeOptions): Promise<ReportOfJobs>;
  stop(jobs: JobNames, options?: Omit<ChangeOptions, 'wait'>): Promise<ReportOfJobs>;
  /** With `rolling` one copy of each job at a time, the next one when the new copy is running. */
  restart(jobs: JobNames, options?: ChangeOptions & { readonly rolling?: boolean }): Promise<ReportOfJobs>;
  /**
   * Sends a signal, such as `SIGHUP`, to the process groups of jobs; resolves to the instances that got it.
   */
  signal(signal: string, jobs: JobNames, options?: RequestOptions): Promise<readonly string[]>;
  /**
   * Writes to the standard input of jobs that have `stdin = true`, as it is: a line needs its line break.
   * Resolves to the instances; rejects with a RefusedError of the code `not-running`, `no-stdin` or
   * `not-read` where one of them does not read it.
   */
  send(jobs: JobNames, text: string | Uint8Array, options?: RequestOptions): Promise<readonly string[]>;
  /**
   * Waits until each job is in one of the states (default `running`), and resolves to the status of the jobs.
   * Rejects with a StuckError as soon as a job can no longer get there, and with a TimedOutError after
   * `timeoutMs`.
   */
  wait(
    jobs: JobNames,
    options?: RequestOptions & {
      readonly for?: JobStateWord | readonly JobStateWord[];
      readonly timeoutMs?: number;
      readonly onProgress?: (progress: ProgressJson) => void;
    },
  ): Promise<readonly JobJson[]>;
  /**
   * Transitions as they happen. Ends when the daemon ends; with `reconnect` continues with the next daemon.
   * The daemon waits for a slow reader and disconnects it only when megabytes are unread.
   */
  events(
    options?: RequestOptions & {
      readonly jobs?: JobNames;
      /** False gives those that the daemon remembers, and ends. Default: true. */
      readonly follow?: boolean;
      /** Also what changes no state, and the requests that the daemon answers. Default: false. */
      readonly verbose?: boolean;
      readonly reconnect?: boolean;
    },
  ): AsyncIterableIterator<EventJson>;
  /**
   * The last lines of jobs (all by default), and with `follow` what they print from then on. Needs no daemon.
   */
  logs(
    jobs?: JobNames,
    options?: RequestOptions & {
      /** Number of lines of each job. Default: 20. */
      readonly lines?: number;
      /** Only lines written since this time. */
      readonly since?: Date;
      readonly follow?: boolean;
    },
  ): AsyncIterableIterator<LogLine>;
  /** Aborts pending calls; later calls reject with a ClosedError. */
  close(): void;
}
