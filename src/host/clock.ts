/** A timer that was set and can be cleared. */
export interface Timer {
  readonly clear: () => void;
}

/** Time as the host sees it. Durations come from the monotonic side, wall time is for people. */
export interface Clock {
  /** Milliseconds that never run backwards. */
  monotonic(): number;
  /**
   * Milliseconds since the machine was started, in which it slept included; no clock that is set moves it.
   */
  sinceBoot(): number;
  /** Milliseconds since 1970. */
  wall(): number;
  /** Calls back once after `ms` milliseconds, at most 2^31−1. */
  after(ms: number, callback: () => void): Timer;
}

/** The turns of the event loop, among which a burst of work is divided. */
export interface Turns {
  /** Whether this turn of the event loop has used up its share of time. */
  isSpent(): boolean;
  /** Calls back in the next turn of the event loop. */
  next(callback: () => void): void;
}
