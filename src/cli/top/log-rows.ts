import { displayWidth, headOf } from '../../text/display-width.ts';
import { printable } from '../../text/printable.ts';
import { isStyle, SEQUENCE } from '../../text/terminal-sequences.ts';

/** Limit of the kept lines; the oldest are dropped first. */
const MOST_LINES = 5_000;
/** How many lines are dropped at once; wrapping all rows again is expensive. */
const DROPPED_LINES = 1_000;

/** The lines of a log, as rows of a screen. */
export class LogRows {
  readonly #color: boolean;
  #lines: string[] = [];
  #rows: string[] = [];
  #columns = 0;

  constructor(color: boolean) {
    this.#color = color;
  }

  push(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > MOST_LINES) {
      this.#lines = this.#lines.slice(DROPPED_LINES);
      this.#columns = 0;
    } else if (this.#columns > 0) {
      this.#rows.push(...rowsOfLine(line, this.#columns, this.#color));
    }
  }

  rows(columns: number): readonly string[] {
    if (columns !== this.#columns) {
      this.#columns = columns;
      this.#rows = this.#lines.flatMap((line) => rowsOfLine(line, columns, this.#color));
    }
    return this.#rows;
  }
}

const RESET = '\u001b[0m';

/** The row without its colours. */
export const plainText = (row: string): string => row.replaceAll(SEQUENCE, '');

/** Wraps a line to this many columns and repeats its colours in each row. */
export function rowsOfLine(line: string, columns: number, color: boolean): readonly string[] {
  // What follows the last carriage return is what a terminal would show.
  const whole = line.replace(/\r+$/, '');
  const text = whole.slice(whole.lastIndexOf('\r') + 1).replaceAll('\t', '    ');
  const rows: string[] = [];
  let row = '';
  let room = columns;
  let colors = '';
  const end = (): void => {
    rows.push(colors === '' ? row : row + RESET);
    row = colors;
    room = columns;
  };
  const add = (piece: string): void => {
    let rest = printable(piece);
    while (displayWidth(rest) > room) {
      const head = headOf(rest, room);
      if (head === '' && room === columns) {
        // A character that is wider than the screen is left out.
        rest = Array.from(rest).slice(1).join('');
        continue;
      }
      row += head;
      rest = rest.slice(head.length);
      end();
    }
    row += rest;
    room -= displayWidth(rest);
  };
  let from = 0;
  for (const match of text.matchAll(SEQUENCE)) {
    add(text.slice(from, match.index));
    from = match.index + match[0].length;
    // Colours are kept; everything else that a terminal would obey is left out.
    if (!color || !isStyle(match[0])) continue;
    // oxlint-disable-next-line no-control-regex -- finding them is the point
    colors = /^\u001b\[0*m$/.test(match[0]) ? '' : colors + match[0];
    row += match[0];
  }
  add(text.slice(from));
  end();
  return rows;
}
