import type { Limits } from './limits.ts';

/**
 * Logs a limited number of complaints in each window, and counts the others in the next line: strangers must
 * not be able to fill the log.
 */
export class RateLimitedLog {
  readonly #limits: Limits;
  readonly #write: (why: string) => void;
  #windowEndsAt = 0;
  #written = 0;
  #untold = 0;

  constructor(limits: Limits, write: (why: string) => void) {
    this.#limits = limits;
    this.#write = write;
  }

  add(why: string, nowMs: number): void {
    if (nowMs >= this.#windowEndsAt) {
      this.#windowEndsAt = nowMs + this.#limits.peerErrorWindowMs;
      this.#written = 0;
    }
    if (this.#written >= this.#limits.peerErrors) {
      this.#untold += 1;
      return;
    }
    const more = this.#untold > 0 ? ` (and ${this.#untold} more before it)` : '';
    this.#written += 1;
    this.#untold = 0;
    this.#write(why + more);
  }
}
