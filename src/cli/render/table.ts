import { displayWidth, fit, pad } from './display-width.ts';
import { painted, type Look, type Paint } from './look.ts';

export interface Cell {
  readonly text: string;
  readonly paint?: Paint | null;
}

const GAP = '  ';
/** Less of a column is not worth its place. */
const LEAST = 8;

/** Where nothing is cut, one long cell of the flexible column is not to push the rest of every other row away. */
const MOST_PADDED = 60;

/** Rows with their columns aligned. The one column that may be cut to fit the page is `flexible`. */
export function tableLines(rows: readonly (readonly Cell[])[], flexible: number, look: Look): readonly string[] {
  const count = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const widths = Array.from({ length: count }, (_, at) => widest(rows, at));
  const over = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (count - 1) - look.columns;
  if (over > 0) widths[flexible] = Math.max(LEAST, (widths[flexible] ?? 0) - over);
  if (look.columns !== Infinity) return rows.map((row) => lineOf(row, widths, { look, isCut: true }));
  const short = rows.filter((row) => displayWidth(row[flexible]?.text ?? '') <= MOST_PADDED);
  return rows.map((row) => lineOf(row, widths.with(flexible, widest(short, flexible)), { look, isCut: false }));
}

// Not Math.max(...rows): a page may have more rows than a call may have arguments.
const widest = (rows: readonly (readonly Cell[])[], at: number): number =>
  rows.reduce((most, row) => Math.max(most, displayWidth(row[at]?.text ?? '')), 0);

function lineOf(
  row: readonly Cell[],
  widths: readonly number[],
  { look, isCut }: { readonly look: Look; readonly isCut: boolean },
): string {
  let line = '';
  let blanks = '';
  row.forEach(({ text, paint }, at) => {
    const width = widths[at] ?? 0;
    const shown = isCut ? fit(text, width) : text;
    if (shown !== '') {
      line += blanks + painted(shown, paint ?? null, look);
      blanks = '';
    }
    blanks += pad(shown, width).slice(shown.length) + (width > 0 ? GAP : '');
  });
  return line;
}
