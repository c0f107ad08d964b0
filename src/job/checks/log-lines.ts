import { StringDecoder } from 'node:string_decoder';

/** How much of one line is looked at; the rest of it is passed over. */
export const LINE_LIMIT = 4_096;

/** Cuts what is added to a log into lines. */
export class LogLines {
  #decoder = new StringDecoder('utf8');
  #partial = '';
  /** The beginning of this line was handed out already. */
  #isPassingOver = false;

  /** The lines that these bytes end. A line that grows beyond the limit is handed out as far as the limit. */
  take(bytes: Uint8Array): readonly string[] {
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

  /** What follows is the beginning of a line, whatever came before. */
  restart(): void {
    this.#partial = '';
    this.#isPassingOver = false;
    this.#decoder = new StringDecoder('utf8');
  }

  #endLine(piece: string): readonly string[] {
    const wasPassedOver = this.#isPassingOver;
    this.#isPassingOver = false;
    return wasPassedOver ? [] : [piece.replace(/\r$/, '').slice(0, LINE_LIMIT)];
  }
}
