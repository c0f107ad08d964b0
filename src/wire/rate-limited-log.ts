import type { Limits } from './limits.ts';

/** Passes on so many complaints a window, and counts the rest into the next one: what strangers do must not fill the log. */
export class Complaints {
  readonly #limits: Limits;
  readonly #tell: (why: string) => void;
  #windowEndsAt = 0;
  #told = 0;
  #untold = 0;

  constructor(limits: Limits, tell: (why: string) => void) {
    this.#limits = limits;
    this.#tell = tell;
  }

  add(why: string, nowMs: number): void {
    if (nowMs >= this.#windowEndsAt) {
      this.#windowEndsAt = nowMs + this.#limits.complaintWindowMs;
      this.#told = 0;
    }
    if (this.#told >= this.#limits.complaints) {
      this.#untold += 1;
      return;
    }
    const more = this.#untold > 0 ? ` (and ${this.#untold} more before it)` : '';
    this.#told += 1;
    this.#untold = 0;
    this.#tell(why + more);
  }
}
