import type { Problem } from '../config/config.ts';
import type { Cause, ReportedChange } from '../plan/change.ts';
import type { Blocker, WhyFact } from '../plan/why-fact.ts';
import type { JobState } from '../plan/job-state.ts';

/** The version of this protocol. A peer of another version gets a readable refusal. */
export const WIRE_VERSION = 1;

/**
 * The requests of a client. `DIE` is the word of the specification. A name in `jobs` selects an instance or
 * every copy of a job; `tag:NAME` selects every job with that tag; a pattern with `*` or `?` selects every
 * match.
 */
export type Request =
  | ({ readonly name: 'apply'; readonly wait: boolean } & TriggerRequest)
  | ({ readonly name: 'plan' } & TriggerRequest)
  | {
      readonly name: 'status';
      readonly jobs: readonly string[];
      /** Also what was counted of each job; an older daemon refuses the field. */
      readonly counts?: boolean;
      /** Only what the table of `status` shows; an older daemon refuses the field. */
      readonly brief?: boolean;
    }
  | { readonly name: 'why'; readonly job: string }
  | {
      readonly name: 'start';
      readonly jobs: readonly string[];
      readonly all: boolean;
      readonly wait: boolean;
    }
  | {
      readonly name: 'restart';
      readonly jobs: readonly string[];
      readonly all: boolean;
      readonly wait: boolean;
      /** One copy of each job at a time, whatever its config says. */
      readonly rolling?: boolean;
    }
  | { readonly name: 'stop'; readonly jobs: readonly string[]; readonly all: boolean }
  | { readonly name: 'signal'; readonly signal: string; readonly jobs: readonly string[] }
  /** Where to write what these jobs are to read. */
  | { readonly name: 'stdin'; readonly jobs: readonly string[] }
  | {
      readonly name: 'events';
      readonly jobs: readonly string[];
      readonly follow: boolean;
      /** Also what changes the state of no job. */
      readonly verbose: boolean;
    }
  /** `state` may be several, with commas between them. */
  | { readonly name: 'wait'; readonly jobs: readonly string[]; readonly state: string }
  | { readonly name: 'inspect'; readonly jobs: readonly string[] }
  | { readonly name: 'DIE'; readonly keepJobs: boolean };

/** What a trigger is asked for. A field that may be missing came later: an older client does not send it. */
export interface TriggerRequest {
  readonly configDir: string;
  readonly allowEmpty: boolean;
  /** Only these jobs, and those that they come after; all of them where there is no word. */
  readonly jobs?: readonly string[];
  /** The config may take the place of one from elsewhere although jobs are removed by that. */
  readonly replace?: boolean;
}

export type RequestName = Request['name'];

/** The answer to `apply`, `plan`, `start`, `stop` and `restart`. */
export interface Report {
  readonly ok: boolean;
  readonly changes: readonly ReportedChange[];
  readonly problems: readonly Problem[];
  /** Sentences about a state that the daemon found damaged, in the first report of a trigger after that. */
  readonly notes?: readonly string[];
  /**
   * What speaks against the login session of the daemon, of a trigger on macOS: it has ended, or nothing
   * resolves host names in it.
   */
  readonly login?: 'ended' | 'no-names';
}

export interface TestResult {
  readonly verdict: 'pass' | 'fail' | 'unknown';
  readonly exitCode: number | null;
  readonly at: string;
}

export interface ExitResult {
  readonly code: number | null;
  readonly signal: string | null;
  readonly at: string;
}

export interface JobStatus {
  readonly name: string;
  /** The job that the instance belongs to. */
  readonly job: string;
  readonly state: JobState;
  readonly pid: number | null;
  readonly startedAt: string | null;
  readonly restarts: number;
  readonly test: TestResult | null;
  readonly lastExit: ExitResult | null;
  /** The last run ended without being stopped, and without success. */
  readonly lastRunFailed: boolean;
  /** Its config has changed since it was started, and it has not been replaced yet. */
  readonly hasOldConfig?: true;
  /** Why the last run was stopped, where that was for its health. */
  readonly unhealthy?: 'alive' | 'memory';
  readonly stoppedByHand: boolean;
  readonly nextStartAt: string | null;
  /** Why its last start came to nothing, in words; null where it did not. */
  readonly reason: string | null;
  readonly description: string | null;
  /** Null of a job that is up, has ended or may yet come up; missing where only the state was asked for. */
  readonly outlook?: Outlook | null;
  readonly tags: readonly string[];
  /**
   * Milliseconds since the start, the last exit and the last test; null where there was none. Dates would be
   * wrong after a change of the clock.
   */
  readonly ages: {
    readonly up: number | null;
    readonly lastExit: number | null;
    readonly test: number | null;
  };
  /** Only where they were asked for. */
  readonly counts?: JobCounts;
}

/** What a job has done since the daemon began; what is missing is 0. */
export interface JobCounts {
  /** Children that were started. */
  readonly starts: number;
  /** Ends of its runs, by what was behind them. */
  readonly exits: Readonly<Partial<Record<Cause, number>>>;
  readonly tests: Readonly<Partial<Record<TestResult['verdict'], number>>>;
  readonly aliveFailures: number;
  /** By the state that a hook is for; absent in an answer of an older daemon. */
  readonly hooks?: Readonly<Record<string, { readonly runs: number; readonly failures: number }>>;
  /** Starts that reached `running`, and the time that they took together. */
  readonly started: number;
  readonly startingMs: number;
}

/** Why a job that is down will not come up by itself. */
export type Outlook =
  /** Its test says no, and nothing runs it again but a trigger or a start by hand. */
  | { readonly kind: 'held' }
  /** It waits for a job that will not be up, or that waits for one. */
  | { readonly kind: 'blocked'; readonly by: readonly Culprit[] };

/** A job that keeps others from coming up. */
export interface Culprit {
  readonly name: string;
  readonly state: JobState;
  /** How its newest run ended. */
  readonly exit: { readonly code: number | null; readonly signal: string | null } | null;
  /** Why it could not be started. */
  readonly startError: string | null;
}

export interface DaemonStatus {
  readonly pid: number;
  readonly port: number;
  readonly version: string;
  readonly startedAt: string;
}

export interface Status {
  readonly daemon: DaemonStatus;
  readonly jobs: readonly JobStatus[];
}

/** What the table of `status` shows of a job. */
export interface ListedJob extends Pick<
  JobStatus,
  | 'name'
  | 'state'
  | 'pid'
  | 'restarts'
  | 'lastRunFailed'
  | 'hasOldConfig'
  | 'nextStartAt'
  | 'description'
  | 'tags'
> {
  readonly test: Pick<TestResult, 'verdict' | 'exitCode'> | null;
  readonly lastExit: Pick<ExitResult, 'code' | 'signal'> | null;
  readonly ages: Pick<JobStatus['ages'], 'up'>;
}

/** A field is left out where it says nothing: where it is null, 0, false or empty. */
export type BriefJob = Pick<ListedJob, 'name' | 'state'> & {
  readonly [Field in keyof ListedJob]?: ListedJob[Field] | undefined;
};

/** The answer to `status` with `brief`. */
export interface BriefStatus {
  readonly daemon: DaemonStatus;
  readonly jobs: readonly BriefJob[];
}

/** The answer to `why`. */
export interface Why {
  readonly status: JobStatus;
  /** The most important fact first. */
  readonly because: readonly WhyFact[];
  readonly command: string;
  readonly cwd: string;
  readonly testCommand: string | null;
  readonly testDetail: string | null;
  readonly testOutput: string | null;
  readonly restart: string;
  /** The globs that it watches. */
  readonly watch: readonly string[];
  /** The jobs that keep it from starting. */
  readonly waitsFor: readonly Blocker[];
  readonly log: string;
  /** The changes of its state, the oldest first. */
  readonly history: readonly ChangeOfJob[];
  /** Its runs that are over, the oldest first. */
  readonly runs: readonly RunOfJob[];
}

/** One transition of one chart. */
export interface Transition {
  readonly at: string;
  readonly machine: 'daemon' | 'client' | 'job';
  /** The job instance; the pid of the daemon or the client. */
  readonly id: string;
  /** The job that the instance belongs to; null for the other charts. */
  readonly job: string | null;
  readonly event: string;
  /** Empty for the first one. */
  readonly from: string;
  readonly to: string;
  /** One readable clause, such as `pid 4242` or `exited with 3, next start in 0.4 s`. May be empty. */
  readonly detail: string;
  /** It changed the word for the job's state. */
  readonly isChange?: boolean;
  /** Of a job: the word for its state afterwards. */
  readonly state?: JobState;
  /** The cause of the change. */
  readonly cause?: Cause;
  /** The file that changed, where the cause is a watch. */
  readonly file?: string | null;
  readonly pid?: number | null;
  /** How its run ended, where one has and no new one has begun. */
  readonly exit?: Pick<ExitResult, 'code' | 'signal'> | null;
  readonly nextStartAt?: string | null;
}

/** A transition of a job, with everything that is known about it. */
export interface JobTransition extends Required<Transition> {
  readonly machine: 'job';
  readonly job: string;
}

/** One change of a job's state, as its history has it. */
export interface ChangeOfJob extends Omit<JobTransition, 'machine' | 'id' | 'job' | 'isChange'> {
  /** Milliseconds. */
  readonly age: number;
}

/** One life of a job's child, from its start to its end. */
export interface RunOfJob {
  readonly run: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly durationMs: number;
  /** Both null where nobody saw how it ended. */
  readonly exit: Pick<ExitResult, 'code' | 'signal'>;
  /** Why it ended. */
  readonly cause: Cause;
  readonly detail: string;
}

/**
 * One step of one chart with everything that an inspector shows. Without an event it is the chart's current
 * state, sent when an inspection begins.
 */
export interface Inspection {
  readonly at: string;
  readonly machine: 'daemon' | 'job';
  /** The job instance, or the pid of the daemon. */
  readonly id: string;
  readonly event: { readonly type: string } | null;
  /** Ids of the transitions that the step took, in their order; an older daemon does not say. */
  readonly taken?: readonly string[];
  /** In XState's format. A job that was forgotten has the status `stopped`. */
  readonly snapshot: { readonly status: string; readonly value: unknown; readonly context: unknown };
}

/** A job that cannot get where it is waited for by itself. */
export interface Blocked {
  readonly name: string;
  readonly state: JobState;
  readonly exit: Pick<ExitResult, 'code' | 'signal'> | null;
  /** Its config keeps it from ever getting there. */
  readonly never: 'restarts' | 'scheduled' | 'untested' | null;
}

/** The outcome of a `wait`. */
export interface Waited {
  /** Every job is in one of the states that were waited for. */
  readonly ok: boolean;
  /** Jobs that can no longer reach the state without help. A state of null means that the job was removed. */
  readonly stuck: readonly {
    readonly job: string;
    readonly state: JobState | null;
    /** The job itself, then each that the one before waits for in vain; empty for one that was removed. */
    readonly because: readonly Blocked[];
  }[];
  readonly jobs: readonly JobStatus[];
}

export interface Died {
  readonly stopped: readonly string[];
  readonly kept: readonly string[];
}

/** Why a request was refused. `code` is stable; `message` gives the reason and the remedy. */
export interface Refusal {
  readonly code:
    | 'no-such-job'
    | 'not-running'
    | 'no-stdin'
    | 'bad-request'
    | 'busy'
    | 'shutting-down'
    | 'degraded'
    | 'other-config'
    | 'internal';
  readonly message: string;
  /** For `no-such-job`: the names that select nothing. Missing when the daemon knows no job at all. */
  readonly jobs?: readonly string[];
}

/** The FIFO that is the standard input of a running job. */
export interface StdinOfJob {
  readonly job: string;
  readonly path: string;
}

/** Progress of a long request. */
export interface Progress {
  readonly done: number;
  readonly of: number;
  readonly pending: readonly { readonly job: string; readonly state: JobState }[];
}

/** The content of the answer to each request. */
export interface Answers {
  readonly apply: Report;
  readonly plan: Report;
  readonly status: Status;
  readonly why: { readonly jobs: readonly Why[] };
  readonly start: Report;
  readonly stop: Report;
  readonly restart: Report;
  readonly signal: { readonly signalled: readonly string[] };
  readonly stdin: { readonly inputs: readonly StdinOfJob[] };
  /** The remembered transitions; empty when the request followed new ones. */
  readonly events: { readonly events: readonly Transition[] };
  readonly wait: Waited;
  /** Sent when the daemon ends: how many charts there were at first. */
  readonly inspect: { readonly charts: number };
  readonly DIE: Died;
}

export type AnyAnswer = Answers[RequestName] | BriefStatus;

/**
 * The daemon's messages for one request: any number of progress messages, events or inspections, then an
 * answer or a refusal.
 */
export type Reply =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'event'; readonly event: Transition }
  | { readonly kind: 'inspection'; readonly inspection: Inspection }
  | { readonly kind: 'answer'; readonly answer: AnyAnswer }
  | { readonly kind: 'refusal'; readonly refusal: Refusal };
