import { statSync } from 'node:fs';
import type { LogPolicy } from '../config/config.ts';
import type { Clock, DaemonLog } from '../host/ports.ts';
import type { Os } from '../os/os.ts';
import { rotateLog } from './rotate-log.ts';

/** How often the sizes of the logs are looked at. */
const LOOK_MS = 500;

/** How long a log whose rotation failed is left alone. */
const REST_MS = { pause: 2_000, disk: 30_000 } as const;

/** The log of a child that lives. */
export interface OpenLog {
  readonly path: string;
  readonly policy: LogPolicy;
  readonly pgid: number;
  /** Looks whether the group is still that child's: nobody else's is ever paused. */
  readonly isOurs: () => boolean;
}

export interface LogKeeperOptions {
  readonly clock: Clock;
  readonly os: Os;
  readonly log: DaemonLog;
  readonly openLogs: () => readonly OpenLog[];
}

/** Keeps the logs of running jobs within their size: looks at them now and then and rotates those that have outgrown it. */
export function keepLogs(options: LogKeeperOptions): { end(): void } {
  const busy = new Set<string>();
  const resting = new Map<string, number>();
  const look = (): void => {
    for (const open of options.openLogs()) {
      const isDue = (resting.get(open.path) ?? 0) <= options.clock.monotonic();
      const isLong = open.policy.rotate !== 'off' && sizeOf(open.path) > open.policy.maxBytes;
      if (isLong && isDue && !busy.has(open.path) && open.isOurs()) void rotate(open);
    }
    timer = options.clock.after(LOOK_MS, look);
  };
  const rotate = async ({ path, policy, pgid }: OpenLog): Promise<void> => {
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

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
