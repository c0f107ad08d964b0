import type { Moved } from '../../../fleet/step-listeners.ts';
import type { Clock, Timer } from '../../../host/clock.ts';
import type { JobState } from '../../../plan/job-state.ts';
import type { Progress } from '../../../wire/messages.ts';

/** The most pending instances that a progress message names. */
const MOST_NAMED = 10;

/** The least time between two progress messages of a request. */
const PACE_MS = 100;

/** The first `count` pending instances, for a progress message. */
type FirstPending = (count: number) => readonly { readonly name: string; readonly state: JobState }[];

/** How far work on `of` instances is; it names the first ones that are pending. */
export function progressOf(of: number, pending: number, first: FirstPending): Progress {
  return {
    done: Math.max(0, of - pending),
    of,
    pending: first(MOST_NAMED).map(({ name, state }) => ({ job: name, state })),
  };
}

export interface ProgressReporterOptions {
  readonly of: number;
  readonly report: (progress: Progress) => void;
  readonly clock: Clock;
}

/**
 * Reports the progress of work on `of` instances when the number of pending ones has changed, but not more
 * often than people can read: a message for each of a thousand jobs costs as much as a tenth of their start.
 */
export class ProgressReporter {
  readonly #options: ProgressReporterOptions;
  #reported = 0;
  /** Until it ends nothing more is reported; null where the next change is reported at once. */
  #rest: Timer | null = null;
  #latest: { readonly pending: number; readonly first: FirstPending } | null = null;

  constructor(options: ProgressReporterOptions) {
    this.#options = options;
  }

  note(pending: number, first: FirstPending): void {
    this.#latest = { pending, first };
    if (this.#rest === null) this.#report();
  }

  /** The work is over: nothing more is reported. */
  end(): void {
    this.#latest = null;
    this.#rest?.clear();
  }

  #report(): void {
    this.#rest = null;
    if (this.#latest === null) return;
    const { pending, first } = this.#latest;
    this.#latest = null;
    const isNews = pending > 0 && pending !== this.#reported;
    this.#reported = pending;
    if (!isNews) return;
    const { of, report, clock } = this.#options;
    this.#rest = clock.after(PACE_MS, () => this.#report());
    report(progressOf(of, pending, first));
  }
}

export interface PendingOptions {
  /** Whether an instance is still waited for. */
  readonly isPending: (name: string) => boolean;
  /** Whether an instance that was no longer waited for is looked at again. */
  readonly mayComeBack: (name: string) => boolean;
  /** Absent where no instance waits for another. */
  readonly waits?: Waits;
}

/** How instances wait for each other. */
export interface Waits {
  /** Names of the instances that do not start before this one is up. */
  readonly waitingFor: (name: string) => readonly string[];
  /** What those who wait for an instance that waits itself may have to know of it. */
  readonly outlook: (name: string) => boolean;
}

/**
 * The instances that a request waits for. Each look is at those that moved, and at those that wait for them,
 * so that waiting for many jobs is linear in their steps.
 */
export class PendingNames {
  readonly #options: PendingOptions;
  readonly #all: ReadonlySet<string>;
  readonly #pending: Set<string>;
  /** Of instances that wait for others, at the last look at each. */
  readonly #outlooks = new Map<string, boolean>();

  constructor(names: readonly string[], options: PendingOptions) {
    this.#options = options;
    this.#all = new Set(names);
    this.#pending = new Set(names);
  }

  get size(): number {
    return this.#pending.size;
  }

  /** The first ones that are pending. */
  first(count: number): readonly string[] {
    const first: string[] = [];
    for (const name of this.#pending) if (first.push(name) === count) break;
    return first;
  }

  drop(name: string): void {
    this.#pending.delete(name);
  }

  /** Returns the named instances that were looked at. */
  look(moved: Moved): readonly string[] {
    const { isPending, mayComeBack } = this.#options;
    const looked = [...(moved === null ? this.#all : this.#affectedBy(moved))].filter((name) =>
      this.#all.has(name),
    );
    for (const name of looked) {
      if (!(this.#pending.has(name) || mayComeBack(name))) continue;
      if (isPending(name)) this.#pending.add(name);
      else this.#pending.delete(name);
    }
    return looked;
  }

  /** Those that moved, those that wait for them, and on from each of these whose outlook has changed. */
  #affectedBy(moved: ReadonlySet<string>): ReadonlySet<string> {
    const { waits } = this.#options;
    const affected = new Set(moved);
    if (waits === undefined) return affected;
    // Iterating a set includes elements that are added meanwhile.
    for (const name of affected)
      if (moved.has(name) || this.#hasNewOutlook(name, waits))
        for (const other of waits.waitingFor(name)) affected.add(other);
    return affected;
  }

  #hasNewOutlook(name: string, { outlook }: Waits): boolean {
    const [before, now] = [this.#outlooks.get(name), outlook(name)];
    this.#outlooks.set(name, now);
    return before !== now;
  }
}
