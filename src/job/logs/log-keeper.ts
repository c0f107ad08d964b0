import { lstatSync, statSync, type Stats } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { LogPolicy } from '../../config/config.ts';
import type { Clock } from '../../host/clock.ts';
import type { DaemonLog } from '../ports.ts';
import { kindOf } from '../../files/regular-file.ts';
import { every } from '../../host/every.ts';
import type { Os } from '../../os/os.ts';
import { isRefusal } from '../../os/system-error.ts';
import { indexBy } from '../../text/index-by.ts';
import { LogIndex } from './log-index.ts';
import type { LogWriters } from './log-writers.ts';
import { isOwnLink, leadsNowhere } from '../../files/open-log-file.ts';
import { rotateLog } from './rotate-log.ts';
import { tidyLogs } from './tidy-logs.ts';

/** How often the sizes of the logs are polled. */
const LOOK_MS = 500;

/**
 * Pause after a failed rotation; it doubles with each failure, since a failing rotation may delay the job.
 */
const REST_MS = { first: 15_000, longest: 30 * 60_000 } as const;

/** The log of a job instance. */
export interface JobLog {
  readonly path: string;
  readonly policy: LogPolicy;
  /** The process that writes to the log now; null where none runs. */
  readonly child: LogWriter | null;
  /**
   * Runs work on this log in the net of its job: an exception does not prevent the other logs from being
   * polled.
   */
  readonly within: (work: () => void) => void;
}

interface LogWriter {
  readonly pgid: number;
  /** When it was started, in milliseconds since 1970. */
  readonly since: number;
  /** Whether the group still belongs to that child: no other group may ever be paused. */
  readonly isOurs: () => boolean;
  /** Whether the job has a child of a later run. */
  readonly isOvertaken: () => boolean;
}

export interface LogKeeperOptions {
  readonly clock: Clock;
  readonly os: Os;
  readonly log: DaemonLog;
  readonly logs: () => readonly JobLog[];
  /** The processes between jobs and their logs; null if none are used. */
  readonly writers: LogWriters | null;
}

/**
 * Keeps the logs of running jobs within their size, and the times at which logs grew: looks at them now and
 * then and rotates those that are too long.
 */
export function keepLogs({ clock, os, log, logs, writers }: LogKeeperOptions): { end(): void } {
  const busy = new Set<string>();
  const resting = new Map<string, Rest>();
  /** Logs that cannot be read, and the error that was logged. */
  const unseen = new Map<string, string>();
  const tidied = new Map<string, number | null>();
  const times = new LogIndex(clock.wall(), log);
  const look = (): void => {
    const all = logs();
    for (const each of all) each.within(() => lookAt(each));
    if (Math.max(times.size, tidied.size, resting.size, unseen.size, writers?.size ?? 0) > all.length)
      forget(new Set(all.map(({ path }) => path)));
    tidy(all);
  };
  const forget = (paths: ReadonlySet<string>): void => {
    for (const known of [resting, unseen, tidied])
      for (const path of known.keys()) if (!paths.has(path)) known.delete(path);
    times.keepOnly(paths);
    writers?.keepOnly(paths);
  };
  /** When a log is seen first, and when other numbers of it are to be kept. */
  const tidy = (all: readonly JobLog[]): void => {
    const changed = all.filter(({ path, policy }) => !busy.has(path) && tidied.get(path) !== keptOf(policy));
    for (const [folder, within] of indexBy(changed, ({ path }) => [dirname(path)]))
      tidyLogs(folder, new Map(within.map(({ path, policy }) => [basename(path), keptOf(policy)])));
    for (const { path, policy } of changed) tidied.set(path, keptOf(policy));
  };
  const lookAt = ({ path, policy, child }: JobLog): void => {
    if (busy.has(path)) return;
    if (child !== null) writers?.tend(path, child);
    const stats = statsOf(path);
    if (stats === null) return;
    times.note(path, child?.since ?? 0, stats);
    const isDue = (resting.get(path)?.until ?? 0) <= clock.monotonic();
    const isLong = policy.rotate !== 'off' && stats.size > policy.maxBytes;
    if (isLong && isDue && child?.isOurs() === true) void rotate(path, policy, child);
  };
  const rotate = async (path: string, policy: LogPolicy, child: LogWriter): Promise<void> => {
    busy.add(path);
    const writer = writers?.find(path, child.pgid) ?? null;
    // Pausing the copying process does not affect the job, so then no output need be lost.
    const mode = policy.rotate === 'truncate' && writer === null ? 'truncate' : 'pause';
    const pgid = writer?.pid ?? child.pgid;
    const isOurs =
      writer === null ? child.isOurs : (): boolean => os.identify(writer.pid)?.start === writer.start;
    const { isOvertaken } = child;
    const rotation = await rotateLog({ path, keep: policy.keep, mode, pgid, isOurs, isOvertaken }, os);
    busy.delete(path);
    if (rotation.ok) return void resting.delete(path);
    // The next look sees who writes now.
    if (rotation.reason === 'overtaken') return;
    const before = resting.get(path);
    const restMs = Math.min((before?.restMs ?? REST_MS.first / 2) * 2, REST_MS.longest);
    resting.set(path, { until: clock.monotonic() + restMs, restMs, message: rotation.message });
    if (before?.message !== rotation.message)
      log.line(`log: ${rotation.message}; it is tried again, less and less often`);
  };
  const statsOf = (path: string): Stats | null => {
    const seen = lookOnce(path);
    if (typeof seen !== 'string') {
      unseen.delete(path);
      return seen;
    }
    if (unseen.get(path) !== seen) log.line(`log: ${path} is left alone: ${seen}`);
    unseen.set(path, seen);
    return null;
  };
  const timer = every(clock, LOOK_MS, look);
  return { end: () => timer.clear() };
}

/** A log that is never rotated keeps all of its old files. */
const keptOf = ({ rotate, keep }: LogPolicy): number | null => (rotate === 'off' ? null : keep);

/** A log whose rotation failed. */
interface Rest {
  readonly until: number;
  readonly restMs: number;
  /** The message that was logged. */
  readonly message: string;
}

/** Size and times of a log; null where there is none or the user wants none; or the error as text. */
function lookOnce(path: string): Stats | string | null {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined || stats.isFile()) return stats ?? null;
    if (leadsNowhere(path)) return null;
    return isOwnLink(path) ? (statSync(path, { throwIfNoEntry: false }) ?? null) : `it is a ${kindOf(stats)}`;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return error.message;
  }
}
