import { basename, dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { LogPolicy } from '../../config/config.ts';
import type { Timer } from '../../host/clock.ts';
import { kindOfLog } from '../../files/open-log-file.ts';
import { indexBy } from '../../text/index-by.ts';
import type { JobLog } from './job-log.ts';
import { LogIndex } from './log-index.ts';
import { logStats } from './log-stats.ts';
import { QuietLogs, type WatchFile } from './quiet-logs.ts';
import { Rotations, type RotationsOptions } from './rotations.ts';
import { tidyLogs } from './tidy-logs.ts';

/** How often the sizes of the logs that grow are polled. */
const LOOK_MS = 500;

/** Polls of thousands of logs are this many times as far apart as one takes. */
const LOOK_COSTS = 10;

/** A log that has not changed for so long is watched instead. */
const QUIET_MS = 5_000;

/** How many logs are given a watch in one turn. */
const WATCHES_A_LOOK = 100;

/**
 * How often the writers of jobs that an earlier daemon started are checked: the system does not announce
 * their exit.
 */
const ADOPTED_MS = 2_000;

export interface LogKeeperOptions extends RotationsOptions {
  /** The log of an instance; null for an instance that does not exist any more. */
  readonly logOf: (instance: string) => JobLog | null;
  /** Node's own, unless a test has the system refuse. */
  readonly watch?: WatchFile;
}

/** What a log looked like, and since when. */
interface Seen {
  readonly sign: string;
  readonly since: number;
}

/**
 * Keeps the logs of running jobs within their size, and the times at which logs grew. Polls the logs that
 * grow, and those of jobs with which something happens; watches the others. So nothing wakes the daemon while
 * no log grows.
 */
export class LogKeeper {
  readonly #options: LogKeeperOptions;
  readonly #begunAt: number;
  readonly #times: LogIndex;
  readonly #rotations: Rotations;
  readonly #quiet: QuietLogs;
  /** The instances whose logs are polled. */
  readonly #polled = new Map<string, Seen | null>();
  /** The instances whose jobs were adopted, and whose logs are watched. */
  readonly #adopted = new Set<string>();
  readonly #instances = new Map<string, string>();
  /** Logs that are gone or cannot be read, and what was logged of them. */
  readonly #unseen = new Map<string, string>();
  readonly #policies = new Map<string, LogPolicy>();
  #lookTimer: Timer | null = null;
  #adoptedTimer: Timer | null = null;
  #watchesLeft = 0;
  #lastLookMs = 0;
  #isOver = false;

  constructor(options: LogKeeperOptions) {
    const { clock, os, log, writers } = options;
    this.#options = options;
    this.#begunAt = clock.wall();
    this.#times = new LogIndex(this.#begunAt, log, options.disk);
    this.#rotations = new Rotations(options);
    this.#quiet = new QuietLogs(os.name, options.watch);
    writers?.whenOneEnds((path) => {
      const instance = this.#instances.get(path);
      if (instance !== undefined) this.wake(instance);
    });
  }

  /** Something happened with this job, or its log grew: its log is polled until it is quiet again. */
  wake(instance: string): void {
    if (this.#isOver) return;
    this.#polled.set(instance, null);
    this.#lookTimer ??= this.#options.clock.after(LOOK_MS, () => this.#look());
  }

  /** The job got its config, which may be the same as before. */
  configure(instance: string): void {
    const log = this.#options.logOf(instance);
    if (log === null) return;
    this.#rotations.claim(log.path);
    if (!isDeepStrictEqual(this.#policies.get(log.path), log.policy)) this.wake(instance);
  }

  end(): void {
    this.#isOver = true;
    this.#lookTimer?.clear();
    this.#adoptedTimer?.clear();
    this.#quiet.end();
  }

  #look(): void {
    // Set before the work, so that an exception in it does not end the polling.
    const { clock } = this.#options;
    const begun = clock.monotonic();
    this.#lookTimer = clock.after(Math.max(LOOK_MS, LOOK_COSTS * this.#lastLookMs), () => this.#look());
    this.#watchesLeft = WATCHES_A_LOOK;
    const looked: JobLog[] = [];
    for (const instance of this.#polled.keys()) {
      const log = this.#options.logOf(instance);
      if (log === null) this.#polled.delete(instance);
      else {
        looked.push(log);
        log.within(() => this.#lookAt(instance, log));
      }
    }
    this.#tidy(looked);
    this.#lastLookMs = clock.monotonic() - begun;
    if (this.#polled.size > 0) return;
    this.#lookTimer.clear();
    this.#lookTimer = null;
  }

  #lookAt(instance: string, log: JobLog): void {
    const { path, child } = log;
    this.#quiet.drop(path);
    this.#instances.set(path, instance);
    if (this.#rotations.isRotating(path)) return;
    if (child !== null) this.#options.writers?.tend(path, child);
    const stats = this.#statsOf(path, child !== null);
    if (stats !== null) {
      this.#times.note(path, child?.since ?? 0, stats);
      this.#rotations.consider(log, stats.size);
    }
    const now = this.#options.clock.monotonic();
    const sign = signOf(stats);
    const seen = this.#polled.get(instance) ?? null;
    if (seen?.sign !== sign) this.#polled.set(instance, { sign, since: now });
    else if (now - seen.since >= QUIET_MS && this.#mayRest(path)) this.#rest(instance, log, sign);
  }

  #mayRest(path: string): boolean {
    const isUnderWay = this.#rotations.isRotating(path) || this.#rotations.hasFailed(path);
    return !isUnderWay && this.#options.writers?.lacks(path) !== true;
  }

  /** Nobody polls this log from now on. Nobody writes to one without a child, or without a file. */
  #rest(instance: string, { path, child }: JobLog, sign: string): void {
    if (child !== null && sign !== NO_FILE) {
      if (this.#watchesLeft === 0) return;
      this.#watchesLeft -= 1;
      const isWatched = this.#quiet.add(path, () => this.wake(instance));
      // It may have grown before the watch began.
      if (!isWatched || signOf(this.#statsOf(path, true)) !== sign) return;
    }
    this.#polled.delete(instance);
    if (child !== null && child.since < this.#begunAt && this.#options.writers !== null)
      this.#adopt(instance);
  }

  #adopt(instance: string): void {
    this.#adopted.add(instance);
    this.#adoptedTimer ??= this.#options.clock.after(ADOPTED_MS, () => this.#tendAdopted());
  }

  #tendAdopted(): void {
    this.#adoptedTimer = null;
    const instances = [...this.#adopted];
    this.#adopted.clear();
    for (const instance of instances) {
      const log = this.#options.logOf(instance);
      const child = log?.child ?? null;
      if (log === null || child === null || child.since >= this.#begunAt) continue;
      this.#adopt(instance);
      log.within(() => this.#options.writers?.tend(log.path, child));
      if (this.#options.writers?.lacks(log.path) === true) this.wake(instance);
    }
  }

  /** The job is gone, and its log is not remembered; `policy` is the one that it had, if that is known. */
  forget(instance: string, path: string, policy: LogPolicy | null): void {
    this.#polled.delete(instance);
    this.#quiet.drop(path);
    this.#times.forget(path);
    this.#rotations.forget(path, policy && keptOf(policy));
    this.#options.writers?.forget(path);
    for (const known of [this.#instances, this.#unseen, this.#policies]) known.delete(path);
  }

  /** When a log is seen first, when its job has become ready, and when other numbers of it are to be kept. */
  #tidy(looked: readonly JobLog[]): void {
    const isTidy = (path: string, policy: LogPolicy): boolean => {
      const before = this.#policies.get(path);
      return before !== undefined && keptOf(before) === keptOf(policy);
    };
    // What `ready` has not read yet stays.
    for (const { path, isProbed = false } of looked) if (isProbed) this.#policies.delete(path);
    const free = looked.filter(
      ({ path, isProbed = false }) => !isProbed && !this.#rotations.isRotating(path),
    );
    const changed = free.filter(({ path, policy }) => !isTidy(path, policy));
    const left = new Set<JobLog>();
    for (const [folder, within] of indexBy(changed, ({ path }) => [dirname(path)])) {
      const keeps = new Map(within.map(({ path, policy }) => [basename(path), keptOf(policy)]));
      // As long as they are polled, the next look tries again.
      if (!tidyLogs(folder, keeps, this.#options.disk)) for (const each of within) left.add(each);
    }
    for (const each of free) if (!left.has(each)) this.#policies.set(each.path, each.policy);
  }

  #statsOf(path: string, isWrittenTo: boolean): Exclude<ReturnType<typeof logStats>, string> {
    const { disk } = this.#options;
    const seen = logStats(path, disk);
    if (typeof seen === 'string') this.#tellOnce(path, `is left alone: ${seen}`);
    else if (seen === null && isWrittenTo && kindOfLog(path, disk) === null)
      this.#tellOnce(path, 'was deleted: what its job prints is lost until the job is restarted');
    else this.#unseen.delete(path);
    return typeof seen === 'string' ? null : seen;
  }

  #tellOnce(path: string, trouble: string): void {
    if (this.#unseen.get(path) !== trouble) this.#options.log.line(`log: ${path} ${trouble}`);
    this.#unseen.set(path, trouble);
  }
}

const NO_FILE = '';

const signOf = (stats: Exclude<ReturnType<typeof logStats>, string>): string =>
  stats === null ? NO_FILE : `${stats.ino} ${stats.size} ${stats.mtimeMs}`;

/** A log that is never rotated keeps all of its old files. */
const keptOf = ({ rotate, keep }: LogPolicy): number | null => (rotate === 'off' ? null : keep);
