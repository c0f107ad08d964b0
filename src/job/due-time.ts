import { nextTime, parseSchedule, type Schedule } from '../config/values/schedule.ts';
import type { Clock, Timer } from '../host/clock.ts';

/** The wall clock is read at least this often: it may be set, and the machine may sleep. */
const READ_MS = 30_000;

/** The time that a scheduled job waits for, as it is persisted. */
export interface PersistedDue {
  readonly schedule: string;
  /** The newest run when the wait began. A later run ends the wait. */
  readonly run: number;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
}

/** Persists the time that an instance waits for. */
export interface DueStore {
  read(): PersistedDue | null;
  write(due: PersistedDue | null): void;
}

export interface DueTimeOptions {
  readonly clock: Clock;
  readonly store: DueStore;
  readonly schedule: () => string | null;
  readonly onDue: () => void;
}

/** Waits for the next time of a schedule by the wall clock. */
export class DueTime {
  readonly #options: DueTimeOptions;
  #timer: Timer | null = null;
  #startedAt: number | null = null;
  /** The time waited for, in milliseconds since 1970; null between waits. */
  at: number | null = null;

  constructor(options: DueTimeOptions) {
    this.#options = options;
  }

  /** The next `every` counts from this start. */
  noteStart(at: number): void {
    this.#startedAt = at;
  }

  /**
   * Resumes the wait that the end of its daemon interrupted: if that time has passed meanwhile, the job is
   * due at once, and only once for all times that were missed. Without such a wait, waits for the next time
   * from now on.
   */
  begin(run: number): void {
    const written = this.#options.schedule();
    const read = written === null ? null : parseSchedule(written);
    if (written === null || read === null || !read.ok) return;
    const kept = this.#options.store.read();
    const isMeant =
      kept?.schedule === written && kept.run === run && this.#isStillDue(kept.dueAt, read.value);
    const dueAt = isMeant ? kept.dueAt : this.#next(read.value);
    if (dueAt === null) return;
    const waits = { schedule: written, run };
    this.#set(waits, dueAt);
    this.#wait(waits, read.value);
  }

  /** Stops waiting. The next `begin` continues the wait if it `resumes`. */
  end({ resumes }: { readonly resumes: boolean }): void {
    this.#timer?.clear();
    this.at = null;
    if (!resumes) this.#options.store.write(null);
  }

  /** A time computed in another time zone is no longer due, unless it has passed: then it was missed. */
  #isStillDue(dueAt: number, schedule: Schedule): boolean {
    return (
      dueAt <= this.#options.clock.wall() ||
      schedule.kind === 'every' ||
      nextTime(schedule, dueAt - 1) === dueAt
    );
  }

  #set(waits: Waits, dueAt: number): void {
    this.at = dueAt;
    this.#options.store.write({ ...waits, dueAt });
  }

  #wait(waits: Waits, schedule: Schedule): void {
    const { clock, onDue } = this.#options;
    const now = clock.wall();
    if (this.at === null || this.at <= now) return onDue();
    const corrected = correctedTime(schedule, now, this.at);
    if (corrected !== this.at) this.#set(waits, corrected);
    this.#timer = clock.after(Math.min(READ_MS, corrected - now), () => this.#wait(waits, schedule));
  }

  /**
   * The first time in the future: times that passed while the job ran, or was not meant to run, are skipped.
   */
  #next(schedule: Schedule): number | null {
    const now = this.#options.clock.wall();
    if (schedule.kind === 'cron' || this.#startedAt === null || this.#startedAt > now)
      return nextTime(schedule, now);
    const rounds = Math.floor((now - this.#startedAt) / schedule.everyMs) + 1;
    return this.#startedAt + rounds * schedule.everyMs;
  }
}

type Waits = Omit<PersistedDue, 'dueAt'>;

/** The due time after the clock was set back: without this, the job would wait longer by that much. */
function correctedTime(schedule: Schedule, now: number, dueAt: number): number {
  const next = nextTime(schedule, now) ?? dueAt;
  const latest = schedule.kind === 'every' ? next : (nextTime(schedule, next) ?? dueAt);
  return dueAt > latest ? next : dueAt;
}
