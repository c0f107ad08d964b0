import { StringDecoder } from 'node:string_decoder';

/** How much of one line is looked at; the rest of it is passed over. */
export const LINE_LIMIT = 4_096;

/** Follows a log from one place on and cuts what is new into lines. */
export class LogLines {
  #decoder = new StringDecoder('utf8');
  #at: number;
  #partial = '';
  /** The beginning of this line was handed out already. */
  #isPassingOver = false;

  constructor(from: number) {
    this.#at = from;
  }

  /** Where to read on in a log of this size. A shorter one than was read has been rotated, and all of it is new. */
  seek(size: number): number {
    if (size < this.#at) this.#restart();
    return this.#at;
  }

  /** The lines that these bytes end. A line that grows beyond the limit is handed out as far as the limit. */
  take(bytes: Uint8Array): readonly string[] {
    this.#at += bytes.length;
    const pieces = (this.#partial + this.#decoder.write(Buffer.from(bytes))).split('\n');
    const last = pieces.pop() ?? '';
    const lines = pieces.flatMap((piece) => this.#endLine(piece));
    if (last.length <= LINE_LIMIT) {
      this.#partial = this.#isPassingOver ? '' : last;
      return lines;
    }
    this.#partial = '';
    if (this.#isPassingOver) return lines;
    this.#isPassingOver = true;
    return [...lines, last.slice(0, LINE_LIMIT)];
  }

  #endLine(piece: string): readonly string[] {
    const wasPassedOver = this.#isPassingOver;
    this.#isPassingOver = false;
    return wasPassedOver ? [] : [piece.replace(/\r$/, '').slice(0, LINE_LIMIT)];
  }

  #restart(): void {
    this.#at = 0;
    this.#partial = '';
    this.#isPassingOver = false;
    this.#decoder = new StringDecoder('utf8');
  }
}
