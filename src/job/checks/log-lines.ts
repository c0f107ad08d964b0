import { StringDecoder } from 'node:string_decoder';

/** Only this much of a line is matched. */
export const LINE_LIMIT = 4_096;

/** Splits new output in a log into lines. */
export class LogLines {
  #decoder = new StringDecoder('utf8');
  #partial = '';
  /** The beginning of this line was handed out already. */
  #isPassingOver = false;

  /** The lines that these bytes complete. A line beyond the limit is returned up to the limit. */
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

  /** The next byte begins a line, whatever came before. */
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
