import { plainText } from './log-rows.ts';
import type { ScreenPage } from './top-state.ts';

const INVERSE = '\u001b[7m';
const NOT_INVERSE = '\u001b[27m';
// oxlint-disable-next-line no-control-regex -- finding them is the point
const SEQUENCES = /(\u001b\[[0-9;:]*m)/;

/** The rows that contain the text, by their index; case does not matter. */
export function hitsIn(rows: readonly string[], text: string): readonly number[] {
  if (text === '') return [];
  const wanted = text.toLowerCase();
  return rows.flatMap((row, at) => (plainText(row).toLowerCase().includes(wanted) ? [at] : []));
}

export interface Room {
  readonly columns: number;
  readonly height: number;
}

/** The page at the newest row with the text: a log is read from its end. */
export function withText(page: ScreenPage, text: string, room: Room): ScreenPage {
  return atHit({ ...page, find: text, hit: null }, hitsIn(page.rows(room.columns), text).at(-1), room);
}

/** The page at the next row with the text, above or below; after the first comes the last. */
export function atNextHit(page: ScreenPage, to: 'above' | 'below', room: Room): ScreenPage {
  const hits = hitsIn(page.rows(room.columns), page.find);
  const at = page.hit ?? -1;
  const next =
    to === 'above'
      ? (hits.findLast((hit) => hit < at) ?? hits.at(-1))
      : (hits.find((hit) => hit > at) ?? hits[0]);
  return atHit(page, next, room);
}

function atHit(page: ScreenPage, hit: number | undefined, { height }: Room): ScreenPage {
  if (hit === undefined) return page;
  return { ...page, hit, top: Math.max(0, hit - Math.floor(height / 2)), isFollowing: false };
}

/** The row with each place inverted where the text stands; its own colours stay. */
export function highlighted(row: string, text: string): string {
  const plain = plainText(row);
  const inside = new Set<number>();
  if (text !== '')
    for (let at = find(plain, text, 0); at >= 0; at = find(plain, text, at + text.length))
      for (let index = at; index < at + text.length; index += 1) inside.add(index);
  if (inside.size === 0) return row;
  let at = 0;
  let shown = '';
  for (const piece of row.split(SEQUENCES)) {
    if (SEQUENCES.test(piece)) {
      // A reset within a hit would end the inversion.
      shown += piece + (inside.has(at) && inside.has(at - 1) ? INVERSE : '');
      continue;
    }
    for (const unit of piece.split('')) {
      if (inside.has(at) && !inside.has(at - 1)) shown += INVERSE;
      shown += unit;
      if (inside.has(at) && !inside.has(at + 1)) shown += NOT_INVERSE;
      at += 1;
    }
  }
  return shown;
}

const find = (plain: string, text: string, from: number): number =>
  plain.toLowerCase().indexOf(text.toLowerCase(), from);
