import type { Clock, Timer } from '../../src/host/clock.ts';
import { Timeline } from './timeline.ts';

/**
 * Simulated time: stands still until `advance`, then calls back in the order of the deadlines, equal ones in
 * the order they were set.
 */
export class FakeClock implements Clock {
  readonly #timeline = new Timeline();
  readonly #startWall: number;

  constructor(startWall = Date.UTC(2026, 0, 1)) {
    this.#startWall = startWall;
  }

  monotonic(): number {
    return this.#timeline.now;
  }

  sinceBoot(): number {
    return this.#timeline.now;
  }

  wall(): number {
    return this.#startWall + this.#timeline.now;
  }

  after(ms: number, callback: () => void): Timer {
    return this.#timeline.after(ms, callback);
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timeline.pending;
  }

  /** Lets this much time pass; timers that are set meanwhile fire as well when they are due. */
  advance(ms: number): void {
    const until = this.#timeline.now + ms;
    for (let next = this.#timeline.next(until); next !== null; next = this.#timeline.next(until)) next();
  }

  /**
   * Calls the timer that is due in exactly this many milliseconds, before its time and out of turn. Returns
   * false when there is none.
   */
  fireEarly(ms: number): boolean {
    const callback = this.#timeline.takeEarly(this.#timeline.now + ms);
    callback?.();
    return callback !== null;
  }
}
