import { displayWidth, fit, fitInside, pad } from '../../text/display-width.ts';
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

// Not Math.max(...rows): a call cannot take that many arguments.
function widest(rows: readonly (readonly Cell[])[], at: number, limit: number): number {
  const widths = rows.map((row) => displayWidth(row[at]?.text ?? ''));
  return widths.reduce((most, width) => (width > limit ? most : Math.max(most, width)), 0);
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
  let line = '';
  let blanks = '';
  row.forEach(({ text, paint }, at) => {
    const width = widths[at] ?? 0;
    const shown = shownOf(text, { width, isMiddle: middles.has(at), isCut: context.columns !== Infinity });
    if (shown !== '') {
      line += blanks + styled(shown, paint ?? null, context);
      blanks = '';
    }
    blanks += pad(shown, width).slice(shown.length) + (width > 0 || shown !== '' ? GAP : '');
  });
  return line;
}

function shownOf(
  text: string,
  { width, isMiddle, isCut }: { readonly width: number; readonly isMiddle: boolean; readonly isCut: boolean },
): string {
  if (!isCut) return text;
  return isMiddle ? fitInside(text, width) : fit(text, width);
}
