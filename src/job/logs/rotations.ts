import { rotatedLog } from '../../data-folder.ts';
import { type FileCalls, realDisk } from '../../files/disk.ts';
import type { Clock } from '../../host/clock.ts';
import type { Identity, Os } from '../../os/os.ts';
import { asked } from '../../os/system-error.ts';
import type { DaemonLog } from '../ports.ts';
import type { JobLog, LogWriter } from './job-log.ts';
import type { LogWriters } from './log-writers.ts';
import { rotateLog, type RotateOptions, type Rotation } from './rotate-log.ts';
import { dropSurplus } from './tidy-logs.ts';

/**
 * Pause after a failed rotation; it doubles with each failure, since a failing rotation may delay the job.
 */
const REST_MS = { first: 15_000, longest: 30 * 60_000 } as const;

/** A log whose rotation failed. */
interface Rest {
  readonly until: number;
  readonly restMs: number;
  /** The message that was logged. */
  readonly message: string;
}

export interface RotationsOptions {
  readonly clock: Clock;
  readonly os: Os;
  readonly log: DaemonLog;
  /** The processes between jobs and their logs; null if none are used. */
  readonly writers: LogWriters | null;
  /** The machine's own, unless all of this is simulated. */
  readonly disk?: FileCalls;
  readonly pause?: RotateOptions['pause'];
}

/** Rotates the logs that are too long, one rotation of a log at a time, and less often those that fail. */
export class Rotations {
  readonly #options: RotationsOptions;
  readonly #busy = new Set<string>();
  readonly #resting = new Map<string, Rest>();
  /** Logs whose job has gone during a rotation, and how many older ones may stay; null for all. */
  readonly #left = new Map<string, number | null>();

  constructor(options: RotationsOptions) {
    this.#options = options;
  }

  isRotating(path: string): boolean {
    return this.#busy.has(path);
  }

  /** Whether the last rotation of this log failed, so that another attempt follows. */
  hasFailed(path: string): boolean {
    return this.#resting.has(path);
  }

  /** Rotates a log of this size if it is too long, whether its job still runs or has ended. */
  consider({ path, policy, isProbed = false, child }: JobLog, size: number): void {
    const isDue = (this.#resting.get(path)?.until ?? 0) <= this.#options.clock.monotonic();
    const isLong = policy.rotate !== 'off' && size > policy.maxBytes;
    if (!isLong || !isDue) return;
    // A log that is no longer written is left to its readers, unless it is longer than all may be together.
    const isMeant = child === null ? size > (policy.keep + 1) * policy.maxBytes : child.isOurs();
    if (isMeant) void this.#rotate(path, isProbed ? this.#keepingAll(path, policy) : policy, child);
  }

  /** What `ready` has not read yet is not dropped; what is surplus then goes once the job runs. */
  #keepingAll(path: string, policy: JobLog['policy']): JobLog['policy'] {
    const { disk = realDisk } = this.#options;
    let count = 0;
    while (disk.existsSync(rotatedLog(path, count + 1))) count += 1;
    return { ...policy, keep: Math.max(policy.keep, count + 1), maxBytes: Infinity };
  }

  /** A job has this log. If one of the same name has gone during a rotation, its config no longer counts. */
  claim(path: string): void {
    if (this.#left.has(path)) this.#left.set(path, null);
  }

  /** The job of this log is gone, and nobody reads any more what was kept for `ready`; null keeps all. */
  forget(path: string, keep: number | null): void {
    this.#resting.delete(path);
    if (this.#busy.has(path)) this.#left.set(path, keep);
    else if (keep !== null) dropSurplus(path, keep, this.#options.disk);
  }

  /** Whether the job for which the log was rotated is still there. */
  #end(path: string): boolean {
    this.#busy.delete(path);
    const keep = this.#left.get(path);
    this.#left.delete(path);
    if (typeof keep === 'number') dropSurplus(path, keep, this.#options.disk);
    return keep === undefined;
  }

  async #rotate(path: string, policy: JobLog['policy'], child: LogWriter | null): Promise<void> {
    const { clock, os, log, writers, disk, pause } = this.#options;
    // What left the job may still write, also after the job itself has ended.
    const writer = asked<Identity | null | 'unknown'>(
      'unknown',
      () => writers?.find(path, child?.pgid ?? 0) ?? null,
    );
    // To pause the job instead would not keep that process from writing. The next look asks again.
    if (writer === 'unknown') return;
    this.#busy.add(path);
    // Pausing the copying process does not affect the job, so then no output need be lost.
    const mode = policy.rotate === 'truncate' && writer === null ? 'truncate' : 'pause';
    const pgid = writer?.pid ?? child?.pgid ?? null;
    const isOurs =
      writer === null
        ? (): boolean => child?.isOurs() === true
        : (): boolean => os.identify(writer.pid)?.start === writer.start;
    const isOvertaken = (): boolean => child?.isOvertaken() === true;
    const { keep, maxBytes } = policy;
    const own = { ...(disk && { disk }), ...(pause && { pause }) };
    let rotation: Rotation;
    let isWanted = true;
    try {
      rotation = await rotateLog({ path, keep, maxBytes, mode, pgid, isOurs, isOvertaken, ...own }, os);
    } finally {
      isWanted = this.#end(path);
    }
    if (rotation.ok) return void this.#resting.delete(path);
    // The next look sees who writes now.
    if (rotation.reason === 'overtaken' || !isWanted) return;
    const before = this.#resting.get(path);
    const restMs = Math.min((before?.restMs ?? REST_MS.first / 2) * 2, REST_MS.longest);
    this.#resting.set(path, { until: clock.monotonic() + restMs, restMs, message: rotation.message });
    if (before?.message !== rotation.message)
      log.line(`log: ${rotation.message}; it is tried again, less and less often`);
  }
}
