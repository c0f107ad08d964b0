import type { Clock, Turns } from './clock.ts';

/**
 * Spreads bursts of work, such as the exits of a thousand children, over several turns of the event loop, in
 * their order. Timers and answers are served between the turns.
 */
export class Pace {
  readonly #turns: Turns;
  #waiting: (() => void)[] = [];

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  /** Does the work now, or in a later turn if other work is already waiting. */
  do(work: () => void): void {
    if (this.#waiting.length === 0 && !this.#turns.isSpent()) return work();
    this.#waiting.push(work);
    if (this.#waiting.length === 1) this.#turns.next(() => this.#go());
  }

  #go(): void {
    let done = 0;
    // The work may queue more work, which is done after the rest.
    for (; done < this.#waiting.length && !(done > 0 && this.#turns.isSpent()); done += 1)
      this.#waiting[done]?.();
    this.#waiting = this.#waiting.slice(done);
    if (this.#waiting.length > 0) this.#turns.next(() => this.#go());
  }
}

/** A clock whose timers, when many are due at once, fire in the turns that they need. */
export function pacedClock(clock: Clock, pace: Pace): Clock {
  return {
    monotonic: () => clock.monotonic(),
    sinceBoot: () => clock.sinceBoot(),
    wall: () => clock.wall(),
    after: (ms, callback) => {
      let isSet = true;
      const timer = clock.after(ms, () => pace.do(() => isSet && callback()));
      return {
        clear: () => {
          isSet = false;
          timer.clear();
        },
      };
    },
  };
}
