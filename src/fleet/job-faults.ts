import type { Clock } from '../host/clock.ts';
import { messageOf, stackOf } from '../host/net.ts';
import { isRefusal } from '../os/system-error.ts';

/** The newest exception in the code of one job. */
export interface JobFault {
  readonly at: string;
  readonly message: string;
  /** Number of exceptions since the job's config changed. */
  readonly count: number;
  /** The system refused something; else it is a bug of overseer's. */
  readonly isRefusal: boolean;
}

/** The same exception is logged again after this long. */
const LOG_AGAIN_MS = 60_000;

/** Delay before a job is recovered after an exception; it grows with the number of exceptions. */
const RECOVERY_MS = { first: 1_000, longest: 30_000 } as const;

/** Counts and logs the exceptions in the code of one job, and decides when to recover the job. */
export class JobFaults {
  readonly #clock: Pick<Clock, 'monotonic' | 'wall'>;
  readonly #log: (text: string) => void;
  #last: JobFault | null = null;
  #loggedAt = -Infinity;
  #recoveryMs: number = RECOVERY_MS.first;
  #recoveredAt = -Infinity;

  constructor(clock: Pick<Clock, 'monotonic' | 'wall'>, log: (text: string) => void) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Null before the first exception. */
  get last(): JobFault | null {
    return this.#last;
  }

  note(error: unknown): void {
    const message = messageOf(error);
    const isNews = message !== this.#last?.message;
    this.#last = {
      at: new Date(this.#clock.wall()).toISOString(),
      message,
      count: (this.#last?.count ?? 0) + 1,
      isRefusal: isRefusal(error),
    };
    const now = this.#clock.monotonic();
    if (!isNews && now - this.#loggedAt < LOG_AGAIN_MS) return;
    this.#loggedAt = now;
    this.#log(`${this.#last.isRefusal ? 'fault' : 'bug'}: ${isRefusal(error) ? message : stackOf(error)}`);
  }

  /** The delay before the job is recovered. */
  nextRecoveryMs(): number {
    const now = this.#clock.monotonic();
    const isQuiet = now - this.#recoveredAt > 2 * RECOVERY_MS.longest;
    const ms = isQuiet ? RECOVERY_MS.first : this.#recoveryMs;
    this.#recoveryMs = Math.min(RECOVERY_MS.longest, ms * 2);
    this.#recoveredAt = now;
    return ms;
  }

  /** A new config may have removed the cause. */
  forget(): void {
    this.#last = null;
  }
}
