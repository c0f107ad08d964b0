import { readFileSync } from 'node:fs';
import type { ProcessInfo, Remembered } from '../os.ts';

/**
 * The kernel assigns pids upwards and starts again at the top. Before this share of them is used, no pid can
 * be reused.
 */
const WRAP_SHARE = 0.5;

const NOBODY: Remembered = new Map();

/**
 * The kernel's counters: processes and threads since boot, and the number of pids; null where it does not
 * tell.
 */
export interface PidCounts {
  readonly begun: number | null;
  readonly pidMax: number;
}

/**
 * Lists processes and reuses the data of the last listing: the same pid is the same process, unless so many
 * processes have started since then that pids may have been reused.
 */
export class LinuxListing {
  readonly #read: (pid: number) => ProcessInfo | null;
  readonly #counts: () => PidCounts;
  #begunAtLast: number | null = null;

  constructor(read: (pid: number) => ProcessInfo | null, counts: () => PidCounts = pidCounts) {
    this.#read = read;
    this.#counts = counts;
  }

  /** `remembered` is of the last call of this. */
  make(pids: readonly number[], remembered: Remembered): readonly ProcessInfo[] {
    const { begun, pidMax } = this.#counts();
    const isSafe =
      begun !== null && this.#begunAtLast !== null && begun - this.#begunAtLast < pidMax * WRAP_SHARE;
    const known = isSafe ? remembered : NOBODY;
    const found = pids.flatMap((pid) => known.get(pid) ?? this.#read(pid) ?? []);
    this.#begunAtLast = begun;
    return found;
  }
}

function pidCounts(): PidCounts {
  try {
    const begun = /^processes (\d+)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1];
    const pidMax = Number(readFileSync('/proc/sys/kernel/pid_max', 'latin1'));
    return { begun: begun === undefined ? null : Number(begun), pidMax };
  } catch {
    // Hidden in some containers: then everything is read each time.
    return { begun: null, pidMax: 0 };
  }
}
