/** Code points that a terminal draws two columns wide, besides emoji: East Asian Wide and Fullwidth. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2630, 0x2637],
  [0x268a, 0x268f],
  [0x2e80, 0x303e],
  [0x3041, 0x3247],
  [0x3250, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18df2],
  [0x1aff0, 0x1b2ff],
  [0x1d300, 0x1d356],
  [0x1d360, 0x1d376],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];
const JOINER = '\u200d';
const EMOJI_STYLE = '\ufe0f';
// Compiled only when text beyond ASCII turns up.
const ASCII = /^[\u0020-\u007e]*$/;
let classes: {
  readonly emoji: RegExp;
  readonly mayBeEmoji: RegExp;
  readonly flag: RegExp;
  readonly zero: RegExp;
  readonly skin: RegExp;
  readonly hangul: RegExp;
  readonly jamo: RegExp;
} | null = null;

interface Cluster {
  text: string;
  width: number;
}

/** The number of terminal columns that a text takes. */
export function displayWidth(text: string): number {
  return ASCII.test(text) ? text.length : clustersOf(text).reduce((sum, { width }) => sum + width, 0);
}

/** The text, cut to `columns`; an ellipsis marks the cut. */
export function fit(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  return columns < 1 ? '' : `${headOf(text, columns - 1)}…`;
}

/**
 * Shortens a text to this many columns by cutting out its middle, so that endings such as `@1` and `@2` stay
 * visible.
 */
export function fitInside(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  const tail = Math.floor((columns - 1) / 3);
  if (tail < 1) return fit(text, columns);
  return `${headOf(text, columns - 1 - tail)}…${tailOf(text, tail)}`;
}

/** The longest beginning of a text that fits in this many columns. */
export function headOf(text: string, columns: number): string {
  return taken(clustersOf(text), columns).join('');
}

function tailOf(text: string, columns: number): string {
  return taken(clustersOf(text).toReversed(), columns).toReversed().join('');
}

function taken(clusters: readonly Cluster[], columns: number): readonly string[] {
  let room = columns;
  const end = clusters.findIndex(({ width }) => (room -= width) < 0);
  return clusters.slice(0, end < 0 ? clusters.length : end).map(({ text }) => text);
}

/** The text, padded with blanks to `columns`. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

/** Grapheme clusters: a base with its marks, joined emoji, the two letters of a flag. */
function clustersOf(text: string): readonly Cluster[] {
  const clusters: Cluster[] = [];
  for (const point of text) {
    const last = clusters.at(-1);
    if (last !== undefined && extendsCluster(last, point)) {
      last.text += point;
      if (point === EMOJI_STYLE && classesNow().mayBeEmoji.test(last.text)) last.width = 2;
    } else {
      clusters.push({ text: point, width: widthOf(point) });
    }
  }
  return clusters;
}

function extendsCluster(last: Cluster, point: string): boolean {
  const { zero, skin, hangul, jamo, flag } = classesNow();
  if (zero.test(point) || skin.test(point)) return true;
  if (jamo.test(point) && hangul.test(last.text)) return true;
  if (last.text.endsWith(JOINER)) return true;
  return flag.test(point) && flag.test(last.text);
}

function widthOf(point: string): number {
  const code = point.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  const { zero, emoji } = classesNow();
  if (zero.test(point)) return 0;
  return emoji.test(point) || WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

function classesNow(): NonNullable<typeof classes> {
  classes ??= {
    emoji: /^\p{Emoji_Presentation}$/u,
    mayBeEmoji: /^\p{Emoji}/u,
    // A regional indicator; two of them make a flag.
    flag: /^[\u{1f1e6}-\u{1f1ff}]$/u,
    zero: /^[\p{Mn}\p{Me}\p{Cf}]$/u,
    // A colour of skin; by itself it is an emoji.
    skin: /^[\u{1f3fb}-\u{1f3ff}]$/u,
    // A syllable or its first letter, and letters that complete it: names of files on a Mac come so.
    hangul: /^[\u1100-\u115f\ua960-\ua97c\uac00-\ud7a3]/,
    jamo: /^[\u1160-\u11ff\ud7b0-\ud7fb]$/,
  };
  return classes;
}
