/**
 * Copies the log to stderr for a daemon in the foreground. Buffered until the daemon listens; a daemon that
 * fails to start prints one line instead.
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
