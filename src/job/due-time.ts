import { nextTime, parseSchedule, type Schedule } from '../config/values/schedule.ts';
import type { Clock, Timer } from '../host/clock.ts';

/** How often the wall clock is looked at: it may be set, and the machine may sleep. */
const LOOK_MS = 30_000;

/** A time that a scheduled job waits for, as it is kept for a daemon that comes later. */
export interface PersistedDue {
  readonly schedule: string;
  /** The newest run when the wait began: once there has been another one, the wait is over. */
  readonly run: number;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
}

/** Where the time that an instance waits for is kept. */
export interface DueStore {
  read(): PersistedDue | null;
  write(due: PersistedDue | null): void;
}

export interface DueTimeOptions {
  readonly clock: Clock;
  readonly keeper: DueStore;
  readonly schedule: () => string | null;
  readonly onDue: () => void;
}

/** Waits for the next time of a schedule by the wall clock. */
export class DueTime {
  readonly #options: DueTimeOptions;
  #timer: Timer | null = null;
  #startedAt: number | null = null;
  /** What is waited for, in milliseconds since 1970; null while nothing is. */
  at: number | null = null;

  constructor(options: DueTimeOptions) {
    this.#options = options;
  }

  /** From this start on the next `every` is counted. */
  noteStart(at: number): void {
    this.#startedAt = at;
  }

  /**
   * Waits for the time that an earlier wait was for, if one was broken off by the end of its daemon: when it has passed
   * meanwhile, the job is due at once, and once for all the times that were missed. Else for the next time from now on.
   */
  begin(run: number): void {
    const written = this.#options.schedule();
    const read = written === null ? null : parseSchedule(written);
    if (written === null || read === null || !read.ok) return;
    const kept = this.#options.keeper.read();
    const isMeant =
      kept?.schedule === written && kept.run === run && this.#isStillDue(kept.dueAt, read.value);
    const dueAt = isMeant ? kept.dueAt : this.#next(read.value);
    if (dueAt === null) return;
    const waits = { schedule: written, run };
    this.#set(waits, dueAt);
    this.#look(waits, read.value);
  }

  /** Waits no longer. The wait is taken up again by the next `begin` only if it is `broken` off. */
  end({ broken }: { readonly broken: boolean }): void {
    this.#timer?.clear();
    this.at = null;
    if (!broken) this.#options.keeper.write(null);
  }

  /** A time of another time zone is not waited for; one that has passed was missed, in whichever zone. */
  #isStillDue(dueAt: number, schedule: Schedule): boolean {
    return (
      dueAt <= this.#options.clock.wall() ||
      schedule.kind === 'every' ||
      nextTime(schedule, dueAt - 1) === dueAt
    );
  }

  #set(waits: Waits, dueAt: number): void {
    this.at = dueAt;
    this.#options.keeper.write({ ...waits, dueAt });
  }

  #look(waits: Waits, schedule: Schedule): void {
    const { clock, onDue } = this.#options;
    const now = clock.wall();
    if (this.at === null || this.at <= now) return onDue();
    const mended = mendedTime(schedule, now, this.at);
    if (mended !== this.at) this.#set(waits, mended);
    this.#timer = clock.after(Math.min(LOOK_MS, mended - now), () => this.#look(waits, schedule));
  }

  /** The first time that is yet to come. Those that passed while the job ran, or was not to run, are left out. */
  #next(schedule: Schedule): number | null {
    const now = this.#options.clock.wall();
    if (schedule.kind === 'cron' || this.#startedAt === null || this.#startedAt > now)
      return nextTime(schedule, now);
    const rounds = Math.floor((now - this.#startedAt) / schedule.everyMs) + 1;
    return this.#startedAt + rounds * schedule.everyMs;
  }
}

type Waits = Omit<PersistedDue, 'dueAt'>;

/** A clock that was set back by more than one round of the schedule would make the job wait that much longer. */
function mendedTime(schedule: Schedule, now: number, dueAt: number): number {
  const next = nextTime(schedule, now) ?? dueAt;
  const latest = schedule.kind === 'every' ? next : (nextTime(schedule, next) ?? dueAt);
  return dueAt > latest ? next : dueAt;
}
