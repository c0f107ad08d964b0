/** What happened, in words, for whoever has to understand a failure. */
export class Story {
  readonly #now: () => number;
  readonly #lines: string[] | null;

  /** Without `isTold` nothing is written down: most runs are never read. */
  constructor(now: () => number, isTold: boolean) {
    this.#now = now;
    this.#lines = isTold ? [] : null;
  }

  get lines(): readonly string[] {
    return this.#lines ?? [];
  }

  /** The words are only made when somebody wants to read them. */
  tell(words: () => string): void {
    this.#lines?.push(`${(this.#now() / 1_000).toFixed(3).padStart(7)}  ${words()}`);
  }
}
