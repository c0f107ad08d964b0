import type { Clock, Timer } from '../host/clock.ts';

/** The shortest interval between two polls that follow each other. */
const SHORTEST_MS = 15;

/** At most one timer: a new poll replaces a pending one. */
export class Poll {
  readonly #clock: Clock;
  #timer: Timer | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  after(ms: number, work: () => void): void {
    this.#timer?.clear();
    this.#timer = this.#clock.after(ms, work);
  }

  /** Calls `isOver` at growing intervals until it returns true. */
  until(
    isOver: () => boolean,
    { firstMs, mostMs }: { readonly firstMs: number; readonly mostMs: number },
  ): void {
    this.after(firstMs, () => {
      if (isOver()) return;
      this.until(isOver, { firstMs: Math.min(mostMs, Math.max(SHORTEST_MS, firstMs * 2)), mostMs });
    });
  }

  clear(): void {
    this.#timer?.clear();
  }
}
