/**
 * The log on stderr, for whoever runs the daemon in the foreground. Held back until it serves: one that
 * cannot even begin says why in one line.
 */
export class ForegroundEcho {
  readonly #write: (line: string) => void;
  #held: string[] | null = [];

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  readonly line = (line: string): void => {
    if (this.#held === null) this.#write(line);
    else this.#held.push(line);
  };

  begin(): void {
    for (const line of this.#held ?? []) this.#write(line);
    this.#held = null;
  }
}
