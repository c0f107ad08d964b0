import type { JobEvent } from '../../machines/job.ts';
import type { Clock, Timer } from '../host/clock.ts';
import type { DaemonLog, Files, Watching } from '../job/ports.ts';
import type { JobInstance } from './job-instance.ts';

/** The parts of an instance that its watch needs. */
export type WatchedInstance = Pick<JobInstance, 'name' | 'job' | 'state' | 'snapshot'>;

/** Debounce: changes within this window count as one. */
export const QUIET_MS = 300;

/**
 * A change this soon after a start or exit may be made by the job itself, even if it counts as running at
 * once.
 */
const OWN_MS = 1_000;

/** After this many such restarts in a row the changes count as made by the job itself. */
export const MOST_IN_A_ROW = 4;

/** At most this many files are remembered as changed by the job itself. */
const MAX_OWN = 1_000;

/** At most this many remarks of one watch are logged. */
const MAX_LOGGED = 100;

export interface WatchesOptions {
  readonly files: Files;
  readonly clock: Clock;
  readonly log: DaemonLog;
  readonly restart: (instance: WatchedInstance, event: JobEvent) => void;
}

/** Restarts each job when a file that it watches changes. */
export class Watches {
  readonly #options: WatchesOptions;
  readonly #watches = new Map<string, Watch>();

  constructor(options: WatchesOptions) {
    this.#options = options;
  }

  /** Watches the files that the config now names; does nothing if they are watched already. */
  follow(instance: WatchedInstance): void {
    const { cwd, watch } = instance.job;
    const asked = JSON.stringify([cwd, watch]);
    if (this.#watches.get(instance.name)?.asked === asked) return;
    this.drop(instance.name);
    if (watch.length > 0) this.#watches.set(instance.name, new Watch(this.#options, instance, asked));
  }

  /** A job that starts sees its files as they are now: what could not be watched before is tried again. */
  renew(name: string): void {
    this.#watches.get(name)?.renew();
  }

  stateOf(name: string): WatchState | null {
    return this.#watches.get(name) ?? null;
  }

  drop(name: string): void {
    this.#watches.get(name)?.end();
    this.#watches.delete(name);
  }
}

/** The state of a watch, as `why` shows it. */
export interface WatchState {
  /** Files that cannot be watched, and globs without a match. */
  readonly remarks: readonly string[];
  /** The file that the newest restart was for, and the run that it led to. */
  readonly last: { readonly file: string; readonly run: number } | null;
}

/** The files of one instance. */
class Watch implements WatchState {
  readonly asked: string;
  remarks: readonly string[] = [];
  last: WatchState['last'] = null;
  readonly #options: WatchesOptions;
  readonly #instance: WatchedInstance;
  readonly #watching: Watching;
  /** Each remark is logged once, however often it comes and goes. */
  readonly #logged = new Set<string>();
  #quiet: Timer | null = null;
  #change: { readonly path: string; readonly run: number; readonly isSuspect: boolean } | null = null;
  /** Files that change whenever the job starts. */
  readonly #own = new Set<string>();
  /** Restarts since the last change that was certainly not the job's own. */
  #inARow = 0;

  constructor(options: WatchesOptions, instance: WatchedInstance, asked: string) {
    this.#options = options;
    this.#instance = instance;
    this.asked = asked;
    const { job } = instance;
    this.#watching = options.files.watch(
      { cwd: job.cwd, globs: job.watch },
      {
        changed: (path) => this.#note(path),
        remarked: (remarks) => this.#remark(remarks),
      },
    );
  }

  renew(): void {
    this.#watching.renew();
  }

  end(): void {
    this.#quiet?.clear();
    this.#watching.end();
  }

  #remark(remarks: readonly string[]): void {
    this.remarks = remarks;
    for (const remark of remarks) {
      if (this.#logged.has(remark) || this.#logged.size >= MAX_LOGGED) continue;
      this.#logged.add(remark);
      this.#options.log.line(`job ${this.#instance.name} watch: ${remark}`);
    }
  }

  /**
   * A job may write its own watched files at each start. So changes around a start restart it only a few
   * times in a row; after that these files are ignored around a start.
   */
  #note(path: string): void {
    if (!mayRestart(this.#instance)) return;
    const isSuspect = this.#isAroundStart();
    if (!isSuspect) this.#inARow = 0;
    else if (this.#own.has(path)) return;
    if (this.#inARow >= MOST_IN_A_ROW) return this.#blame(path);
    this.#change = {
      path,
      run: this.#instance.snapshot.context.run,
      isSuspect: isSuspect || (this.#change?.isSuspect ?? false),
    };
    this.#quiet?.clear();
    this.#quiet = this.#options.clock.after(QUIET_MS, () => this.#restart());
  }

  #restart(): void {
    const change = this.#change;
    this.#change = null;
    // A child that was started after the change has seen the changed file.
    if (change?.run !== this.#instance.snapshot.context.run || !mayRestart(this.#instance)) return;
    this.#inARow = change.isSuspect ? this.#inARow + 1 : 0;
    this.#options.log.line(`job ${this.#instance.name} watch: ${change.path} changed`);
    this.last = { file: change.path, run: change.run + 1 };
    this.#options.restart(this.#instance, { type: 'Restart', cause: 'watch', file: change.path });
  }

  #blame(path: string): void {
    if (this.#own.size >= MAX_OWN) return;
    this.#own.add(path);
    this.#options.log.line(
      `job ${this.#instance.name} watch: ${path} changes whenever the job starts, so it is not ` +
        'restarted for that any more',
    );
  }

  #isAroundStart(): boolean {
    const { state, snapshot } = this.#instance;
    const { child, lastExit } = snapshot.context;
    if (state === 'starting') return true;
    const last = state === 'running' ? child : lastExit;
    return last !== null && this.#options.clock.wall() - Date.parse(last.at) < OWN_MS;
  }
}

/**
 * A job that is up is restarted, and one that cannot come up may have been repaired. Every other job waits
 * for something else than a file.
 */
function mayRestart({ state, snapshot }: WatchedInstance): boolean {
  return snapshot.value.want === 'Yes' && ['starting', 'running', 'backoff', 'failed'].includes(state);
}
