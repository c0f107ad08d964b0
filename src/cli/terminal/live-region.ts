import type { Output } from './output.ts';

const ERASE_REST_OF_LINE = '\u001b[K';
const ERASE_BELOW = '\u001b[J';
const ERASE_ALL = '\u001b[2J\u001b[H';

/** Lines on a terminal that are redrawn in place. */
export class Redrawn {
  readonly #out: Output;
  #drawn = 0;
  #columns = 0;

  constructor(out: Output) {
    this.#out = out;
  }

  /** False when the reader has gone. Lines that do not fit are counted. */
  draw(text: string): Promise<boolean> {
    const lines = text.split('\n').slice(0, -1);
    const room = Math.max(2, this.#out.rows - 1);
    const shown =
      lines.length <= room ? lines : [...lines.slice(0, room - 1), `… and ${lines.length - room + 1} more`];
    const begin = this.#begin();
    this.#drawn = shown.length;
    this.#columns = this.#out.columns;
    return this.#out.write(
      `${begin}${shown.map((line) => `${line}${ERASE_REST_OF_LINE}\n`).join('')}${ERASE_BELOW}`,
    );
  }

  /** Erases the `^C` that the terminal has echoed. */
  leave(): Promise<boolean> {
    return this.#out.write(`\r${ERASE_REST_OF_LINE}`);
  }

  /** After a change of width the lines may be wrapped differently. */
  #begin(): string {
    if (this.#drawn === 0) return '';
    return this.#columns === this.#out.columns ? `\u001b[${this.#drawn}A\r` : ERASE_ALL;
  }
}
