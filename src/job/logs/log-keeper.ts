import { statSync, type Stats } from 'node:fs';
import type { LogPolicy } from '../../config/config.ts';
import type { Clock } from '../../host/clock.ts';
import type { DaemonLog } from '../ports.ts';
import type { Os } from '../../os/os.ts';
import { LogIndex } from './log-index.ts';
import { rotateLog } from './rotate-log.ts';

/** How often the sizes of the logs are looked at. */
const LOOK_MS = 500;

/** How long a log whose rotation failed is left alone. */
const REST_MS = { pause: 2_000, disk: 30_000 } as const;

/** The log of a job instance. */
export interface JobLog {
  readonly path: string;
  readonly policy: LogPolicy;
  /** Who writes to it now; null where nothing runs. */
  readonly child: LogWriter | null;
}

export interface LogWriter {
  readonly pgid: number;
  /** When it was started, in milliseconds since 1970. */
  readonly since: number;
  /** Looks whether the group is still that child's: nobody else's is ever paused. */
  readonly isOurs: () => boolean;
}

export interface LogKeeperOptions {
  readonly clock: Clock;
  readonly os: Os;
  readonly log: DaemonLog;
  readonly logs: () => readonly JobLog[];
}

/** Keeps the logs of running jobs within their size, and the times at which logs grew: looks at them now and then and rotates those that are too long. */
export function keepLogs(options: LogKeeperOptions): { end(): void } {
  const busy = new Set<string>();
  const resting = new Map<string, number>();
  const times = new LogIndex(options.clock.wall(), options.log);
  const look = (): void => {
    const logs = options.logs();
    for (const { path, policy, child } of logs) {
      const stats = statsOf(path);
      if (stats === null || busy.has(path)) continue;
      times.note(path, child?.since ?? 0, stats);
      const isDue = (resting.get(path) ?? 0) <= options.clock.monotonic();
      const isLong = policy.rotate !== 'off' && stats.size > policy.maxBytes;
      if (isLong && isDue && child?.isOurs() === true) void rotate(path, policy, child.pgid);
    }
    if (Math.max(times.size, resting.size) > logs.length) forgetOthers(logs);
    timer = options.clock.after(LOOK_MS, look);
  };
  const forgetOthers = (logs: readonly JobLog[]): void => {
    const paths = new Set(logs.map(({ path }) => path));
    times.keepOnly(paths);
    for (const path of resting.keys()) if (!paths.has(path)) resting.delete(path);
  };
  const rotate = async (path: string, policy: LogPolicy, pgid: number): Promise<void> => {
    busy.add(path);
    const mode = policy.rotate === 'truncate' ? 'truncate' : 'pause';
    const rotation = await rotateLog({ path, keep: policy.keep, mode, pgid }, options.os);
    busy.delete(path);
    if (rotation.ok) return;
    resting.set(path, options.clock.monotonic() + REST_MS[rotation.reason]);
    options.log.line(`log: ${rotation.message}`);
  };
  let timer = options.clock.after(LOOK_MS, look);
  return { end: () => timer.clear() };
}

function statsOf(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null;
}
