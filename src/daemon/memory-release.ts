import type { Clock, Timer } from '../host/clock.ts';

/** Fewer steps of jobs than this leave too little behind for a collection. */
const STEPS_MIN = 100;

/** The work counts as done when no job has taken a step for this long. */
const QUIET_MS = 250;

export interface MemoryReleaseOptions {
  readonly clock: Pick<Clock, 'after'>;
  /** Collects what nothing refers to any more and returns the memory to the system. */
  readonly collect: () => void;
}

/**
 * Gives memory back once after the start and once after each burst of work, such as a trigger of many jobs:
 * V8 itself collects only while it works, so a daemon that has nothing to do would keep what is left of the
 * burst. Few steps set no timer.
 */
export class MemoryRelease {
  readonly #options: MemoryReleaseOptions;
  /** Since the last collection. */
  #steps = 0;
  #timer: Timer | null = null;

  constructor(options: MemoryReleaseOptions) {
    this.#options = options;
    this.#whenQuiet();
  }

  /** A job has taken a step. */
  noteStep(): void {
    this.#steps += 1;
    if (this.#timer === null && this.#steps >= STEPS_MIN) this.#whenQuiet();
  }

  end(): void {
    this.#timer?.clear();
    this.#steps = -Infinity;
  }

  #whenQuiet(): void {
    const { clock, collect } = this.#options;
    const before = this.#steps;
    this.#timer = clock.after(QUIET_MS, () => {
      if (this.#steps !== before) return this.#whenQuiet();
      this.#timer = null;
      this.#steps = 0;
      collect();
    });
  }
}
