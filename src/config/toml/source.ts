import { displayWidth } from '../../text/display-width.ts';
const MAX_EXCERPT_WIDTH = 100;
/** The visible part of a long line before the caret. */
const EXCERPT_LEAD = 60;
// Raw control characters would reach the reader's terminal.
// oxlint-disable-next-line no-control-regex -- finding them is the point
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g;

/** A place in a text. Both count from 1; a column is one UTF-16 unit, as most editors count. */
export interface Spot {
  readonly line: number;
  readonly column: number;
}

/** A text and its file name: converts offsets to lines and shows excerpts. */
export class Source {
  readonly file: string;
  readonly text: string;
  #starts: readonly number[] | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
  }

  spotAt(offset: number): Spot {
    const starts = this.#lineStarts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }

  offsetAt({ line, column }: Spot): number {
    return (this.#lineStarts()[line - 1] ?? 0) + column - 1;
  }

  /**
   * The line with its number, and a caret under the column. A tab stays a tab; a long line is cut around the
   * caret.
   */
  excerptAt({ line, column }: Spot): string {
    const { text, caret } = window(this.#line(line), column - 1);
    const number = String(line).padStart(4);
    const lead = text
      .slice(0, caret)
      .split('\t')
      .map((part) => ' '.repeat(displayWidth(part)))
      .join('\t');
    return `${number} | ${text}\n${' '.repeat(number.length)} | ${lead}^`;
  }

  #line(line: number): string {
    const starts = this.#lineStarts();
    return this.text
      .slice(starts[line - 1], starts[line])
      .replace(/\r?\n$/, '')
      .replace(CONTROL, '\ufffd');
  }

  #lineStarts(): readonly number[] {
    this.#starts ??= lineStarts(this.text);
    return this.#starts;
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function window(line: string, caret: number): { text: string; caret: number } {
  if (line.length <= MAX_EXCERPT_WIDTH) return { text: line.trimEnd(), caret };
  const from = Math.max(0, Math.min(caret - EXCERPT_LEAD, line.length - MAX_EXCERPT_WIDTH));
  const before = from > 0 ? '…' : '';
  const after = from + MAX_EXCERPT_WIDTH < line.length ? '…' : '';
  return {
    text: before + line.slice(from, from + MAX_EXCERPT_WIDTH) + after,
    caret: caret - from + before.length,
  };
}
