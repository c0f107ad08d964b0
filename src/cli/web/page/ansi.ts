import { isStyle, SEQUENCE } from '../../../text/terminal-sequences.ts';

/** A piece of a line in one style: a class name of style.css, or none. */
export interface Piece {
  readonly text: string;
  readonly style: string;
}

// oxlint-disable-next-line no-control-regex -- finding them is the point
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/g;
const COLORS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/**
 * Cuts a line of a log at its colours; every other order to a terminal is left out. Of a line that was
 * overwritten the last version is shown.
 */
export function piecesOf(line: string): readonly Piece[] {
  const shown = line.replace(/\r+$/, '').split('\r').at(-1) ?? '';
  const pieces: Piece[] = [];
  let style = '';
  let from = 0;
  const add = (text: string): void => {
    const plain = text.replace(CONTROL, '');
    if (plain !== '') pieces.push({ text: plain, style });
  };
  for (const { 0: found, index } of shown.matchAll(SEQUENCE)) {
    add(shown.slice(from, index));
    from = index + found.length;
    if (isStyle(found)) style = styleAfter(style, found.slice(2, -1));
  }
  add(shown.slice(from));
  return pieces;
}

/** How many codes a colour of 256, or of all there are, takes after that of its kind. */
const LARGE_COLOR: Readonly<Record<number, number>> = { 5: 2, 2: 4 };

function styleAfter(before: string, codes: string): string {
  const left = codes.split(';').map(Number);
  let style = before;
  for (let code = left.shift(); code !== undefined; code = left.shift()) {
    if (code === 0) style = '';
    else if (code === 1) style = `${style} bold`.trim();
    else if (code === 2) style = `${style} dim`.trim();
    else if (code === 22) style = without(style, ['bold', 'dim']);
    else if (code === 39) style = without(style, COLORS);
    else if (code >= 30 && code <= 37) style = `${without(style, COLORS)} ${COLORS[code - 30]}`.trim();
    else if (code >= 90 && code <= 97) style = `${without(style, COLORS)} ${COLORS[code - 90]}`.trim();
    else if (code === 38 || code === 48 || code === 58) {
      const taken = left.splice(0, LARGE_COLOR[left[0] ?? 0] ?? 0);
      // The page has only the first eight colours.
      if (code === 38 && taken.length > 0) style = without(style, COLORS);
    }
  }
  return style;
}

const without = (style: string, words: readonly string[]): string =>
  style
    .split(' ')
    .filter((word) => !words.includes(word))
    .join(' ');
