/**
 * Joins calls: those made while one is under way share the next, since it began before what they want was
 * written.
 */
export class SharedSync {
  readonly #sync: () => Promise<void>;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<void> | null = null;

  constructor(sync: () => Promise<void>) {
    this.#sync = sync;
  }

  /** Settles as a sync that begins after this call does. */
  ask(): Promise<void> {
    this.#next ??= this.#begin();
    return this.#next;
  }

  async #begin(): Promise<void> {
    await this.#running;
    this.#next = null;
    const run = this.#sync();
    this.#running = run.then(
      () => undefined,
      () => undefined,
    );
    await run;
  }
}
