import { displayWidth, fit, fitInside } from '../../text/display-width.ts';
import { styled, type RenderContext, type Paint } from './render-context.ts';

export interface Cell {
  readonly text: string;
  readonly paint?: Paint | null;
}

/** A column that gives way on a page that is too narrow. */
export interface ShrinkRule {
  readonly at: number;
  /** The narrowest width of the column; 0 means that the column may be left out. */
  readonly least: number;
  /** Names are cut in the middle, since their ends tell them apart. */
  readonly cut?: 'end' | 'middle';
}

const GAP = '  ';

/** Where nothing is cut, one long cell must not push the later columns of all rows to the right. */
const MOST_PADDED = 60;

/**
 * Rows with their columns aligned. Those that are `shrinkOrder` are cut, one after the other, until the rest
 * fits the page.
 */
export function tableLines(
  rows: readonly (readonly Cell[])[],
  shrinkOrder: readonly ShrinkRule[],
  context: RenderContext,
): readonly string[] {
  const count = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const most = context.columns === Infinity ? MOST_PADDED : Infinity;
  const widths = Array.from({ length: count }, (_, at) => widest(rows, at, most));
  for (const { at, least } of shrinkOrder) {
    const over = totalOf(widths) - context.columns;
    if (over > 0)
      widths[at] = least === 0 ? 0 : Math.max(Math.min(least, widths[at] ?? 0), (widths[at] ?? 0) - over);
  }
  const middles = new Set(shrinkOrder.filter(({ cut }) => cut === 'middle').map(({ at }) => at));
  return rows.map((row) => lineOf(row, { widths, middles }, context));
}

// Loops, since a table may have thousands of rows, and a command that ends at once runs uncompiled code.
function widest(rows: readonly (readonly Cell[])[], at: number, limit: number): number {
  let most = 0;
  for (const row of rows) {
    const width = displayWidth(row[at]?.text ?? '');
    if (width > most && width <= limit) most = width;
  }
  return most;
}

function totalOf(widths: readonly number[]): number {
  const shown = widths.filter((width) => width > 0);
  return shown.reduce((sum, width) => sum + width, 0) + GAP.length * Math.max(0, shown.length - 1);
}

interface Columns {
  readonly widths: readonly number[];
  readonly middles: ReadonlySet<number>;
}

function lineOf(row: readonly Cell[], { widths, middles }: Columns, context: RenderContext): string {
  const isCut = context.columns !== Infinity;
  let line = '';
  let blanks = 0;
  for (let at = 0; at < row.length; at += 1) {
    const { text, paint } = row[at] as Cell;
    const width = widths[at] ?? 0;
    const shown = isCut ? shownOf(text, width, middles.has(at)) : text;
    if (shown !== '') {
      line += ' '.repeat(blanks) + styled(shown, paint ?? null, context);
      blanks = 0;
    }
    blanks += Math.max(0, width - displayWidth(shown));
    if (width > 0 || shown !== '') blanks += GAP.length;
  }
  return line;
}

const shownOf = (text: string, width: number, isMiddle: boolean): string =>
  isMiddle ? fitInside(text, width) : fit(text, width);
