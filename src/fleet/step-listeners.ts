/**
 * The names of the instances that made a step, got a place in the stop queue or lost it, or went since the
 * last call; null for all.
 */
export type Moved = ReadonlySet<string> | null;

/** Notes which instances moved, until somebody has looked at them. */
export class MovedNames {
  #names: Set<string> | null = new Set();

  note(name: string): void {
    this.#names?.add(name);
  }

  /** Whatever is known of any instance may have changed. */
  noteAll(): void {
    this.#names = null;
  }

  /** Those noted since the last `clear`. */
  get noted(): Moved {
    return this.#names;
  }

  clear(): void {
    this.#names = new Set();
  }
}

/** Those who wait until jobs have come to something. */
export class StepListeners {
  readonly #listeners = new Set<(moved: Moved) => void>();
  readonly #moved = new MovedNames();

  note(name: string): void {
    this.#moved.note(name);
  }

  /** Some instances may wait for others than before. */
  noteAll(): void {
    this.#moved.noteAll();
  }

  /** Has each of them check its condition. */
  call(): void {
    const moved = this.#moved.noted;
    this.#moved.clear();
    for (const listener of this.#listeners) listener(moved);
  }

  /** The same, whatever has moved. */
  callForAll(): void {
    for (const listener of this.#listeners) listener(null);
  }

  /** Resolves when the condition holds or the caller no longer waits. */
  until(condition: (moved: Moved) => boolean, onGone: (callback: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        this.#listeners.delete(look);
        resolve();
      };
      const look = (moved: Moved): void => {
        if (condition(moved)) end();
      };
      this.#listeners.add(look);
      onGone(end);
      look(null);
    });
  }
}
