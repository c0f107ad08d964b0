import type { Clock, Timer } from '../host/clock.ts';

/** Fewer steps of jobs than this leave too little behind. */
const STEPS_MIN = 100;

/** The work counts as done when no job has taken a step for this long. */
const QUIET_MS = 250;

export interface LullsOptions {
  readonly clock: Pick<Clock, 'after'>;
  /** Does what is better done now than while a job waits for it. */
  readonly tidy: () => void;
}

/**
 * Tidies once after the start and once after each burst of work, such as a trigger of many jobs. V8 itself
 * collects garbage only while it works, so a daemon that has nothing to do would keep what is left of the
 * burst, and the first restart would have to read every process that the burst has begun. Few steps set no
 * timer.
 */
export class Lulls {
  readonly #options: LullsOptions;
  /** Since it was tidied last. */
  #steps = 0;
  #timer: Timer | null = null;

  constructor(options: LullsOptions) {
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
    const { clock, tidy } = this.#options;
    const before = this.#steps;
    this.#timer = clock.after(QUIET_MS, () => {
      if (this.#steps !== before) return this.#whenQuiet();
      this.#timer = null;
      this.#steps = 0;
      tidy();
    });
  }
}
