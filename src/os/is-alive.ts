import type { ProcessInfo } from './os.ts';
import { withoutStack } from './without-stack.ts';

/** False for a zombie: it has ended, only its parent has not asked how. */
export function isAlive(info: Pick<ProcessInfo, 'state'>): boolean {
  return info.state !== 'Z' && info.state !== 'X' && info.state !== 'x';
}

/** True when the system knows a process of this pid, be it a zombie. Cheap, and sends nothing. */
export function pidIsKnown(pid: number): boolean {
  try {
    withoutStack(() => process.kill(pid, 0));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** True when the system knows the process group at all, be it by zombies alone. Cheap, and sends nothing. */
export function groupIsKnown(pgid: number): boolean {
  if (!Number.isInteger(pgid) || pgid < 2) throw new RangeError(`not a process group to ask for: ${pgid}`);
  try {
    withoutStack(() => process.kill(-pgid, 0));
    return true;
  } catch (error) {
    // EPERM means that it exists, and on macOS also that only zombies are left: the caller looks closer.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
