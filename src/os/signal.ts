import { realTimeNumber, type RealTimeSignal } from '../text/real-time-signal.ts';
import { asked } from './system-error.ts';
import { thisOs } from './this-os.ts';

export type SignalName = NodeJS.Signals | RealTimeSignal;

export type Signalled = 'sent' | 'gone' | 'forbidden';

/** `kill(2)` takes a 32-bit number. */
const PID_MAX = 2 ** 31 - 1;

/**
 * Signals every member of a process group. Whether the group is still the one that is meant, the caller has
 * verified just before. Here and in `signalProcess` is the only place that signals.
 */
export function signalGroup(pgid: number, signal: SignalName): Signalled {
  refuseOwn(pgid);
  return send(-pgid, signal);
}

/** Signals one process. */
export function signalProcess(pid: number, signal: NodeJS.Signals): Signalled {
  refuseOwn(pid);
  return send(pid, signal);
}

/** Sending signals, which a simulation replaces. */
export interface Signals {
  group(pgid: number, signal: SignalName): Signalled;
  process(pid: number, signal: NodeJS.Signals): Signalled;
}

/** The signals of this machine. */
export const realSignals: Signals = { group: signalGroup, process: signalProcess };

/** Throws for what must never be signalled. */
export function refuseOwn(pid: number): void {
  const why = whyNever(pid);
  if (why !== null) throw new RangeError(`refusing to signal ${pid}: ${why}`);
}

/** Whether a number that was read somewhere can be a process or group to signal. */
export function mayBeSignalled(pid: number): boolean {
  return whyNever(pid) === null;
}

/** -1 is every process of the user, 0 our own group, 1 the system. */
function whyNever(pid: number): string | null {
  if (!Number.isInteger(pid) || pid < 2 || pid > PID_MAX) return 'not a process';
  return pid === process.pid || pid === ownGroup() ? 'that is overseer itself' : null;
}

function send(target: number, signal: SignalName): Signalled {
  try {
    process.kill(target, isRealTime(signal) ? realTimeNumber(signal) : signal);
    return 'sent';
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ESRCH') return 'gone';
    // macOS says so also of a group that has only zombies left.
    if (code === 'EPERM') return 'forbidden';
    throw error;
  }
}

const isRealTime = (signal: SignalName): signal is RealTimeSignal => signal.startsWith('SIGRTMIN+');

let group: number | null = null;

/**
 * Node cannot leave its group, so it is asked for once. As long as the system cannot be asked, the group is
 * taken for the daemon's own, as it mostly is.
 */
function ownGroup(): number {
  group ??= asked(null, () => thisOs().identify(process.pid)?.pgid ?? null);
  return group ?? process.pid;
}
