import type { Clock, Turns } from './clock.ts';

/**
 * Divides what comes in a burst, such as the ends of a thousand children, among the turns of the event loop, in the
 * order in which it came: whoever waits for a timer or for an answer meanwhile is served in between.
 */
export class Pace {
  readonly #turns: Turns;
  #waiting: (() => void)[] = [];

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  /** Does the work now, or, behind all that waits already, in one of the next turns. */
  do(work: () => void): void {
    if (this.#waiting.length === 0 && !this.#turns.isSpent()) return work();
    this.#waiting.push(work);
    if (this.#waiting.length === 1) this.#turns.next(() => this.#go());
  }

  #go(): void {
    let done = 0;
    // What is done may bring more work, which waits its turn behind the rest.
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
