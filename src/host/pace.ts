import type { Clock, Timer, Turns } from './clock.ts';

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

/** After a longer wait for its turn a timer runs on. */
const LONG_WAIT_MS = 250;

/** How often one timer may run on. */
const MOST_EXTENSIONS = 3;

/**
 * A clock whose timers, when many are due at once, fire in the turns that they need. A time-out that had to
 * wait for its turn proves nothing: what it waits for may have happened, and also wait for its turn, or have
 * begun just now. It then runs on for as long as it had to wait, at most for its own time.
 */
export function pacedClock(clock: Clock, pace: Pace): Clock {
  return {
    monotonic: () => clock.monotonic(),
    sinceBoot: () => clock.sinceBoot(),
    wall: () => clock.wall(),
    after: (ms, callback) => {
      let isSet = true;
      let timer: Timer;
      const arm = (delayMs: number, left: number): void => {
        timer = clock.after(delayMs, () => {
          const dueAt = clock.monotonic();
          pace.do(() => {
            if (!isSet) return;
            const waitedMs = clock.monotonic() - dueAt;
            if (waitedMs > LONG_WAIT_MS && ms > 0 && left > 0) arm(Math.min(waitedMs, ms), left - 1);
            else callback();
          });
        });
      };
      arm(ms, MOST_EXTENSIONS);
      return {
        clear: () => {
          isSet = false;
          timer.clear();
        },
      };
    },
  };
}
