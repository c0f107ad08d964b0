/**
 * Characters that are invisible or look like an ordinary space, except space, tab and line ends. Variation
 * selectors are allowed: they only change the character before them.
 */
const INVISIBLE =
  /(?![ \t\r\n]|\p{Variation_Selector})[\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;
const EACH_INVISIBLE = new RegExp(INVISIBLE, 'gu');

const NAMES: Readonly<Record<number, string>> = {
  0xa0: 'no-break space',
  0xad: 'soft hyphen',
  0x200b: 'zero-width space',
  0x200c: 'zero-width non-joiner',
  0x200d: 'zero-width joiner',
  0x202f: 'narrow no-break space',
  0x2028: 'line separator',
  0x2060: 'word joiner',
  0x3000: 'ideographic space',
  0xfeff: 'byte order mark',
};

/** The position of the first such character; -1 if there is none. */
export const invisibleAt = (text: string): number => text.search(INVISIBLE);

/** `U+200B (zero-width space)` of the letter at this place. */
export function codePointName(text: string, at = 0): string {
  const code = text.codePointAt(at) ?? 0;
  const name = NAMES[code];
  const digits = code.toString(16).toUpperCase().padStart(4, '0');
  return name === undefined ? `U+${digits}` : `U+${digits} (${name})`;
}

/** The text with each such letter as `\u{200b}`. */
export function madeVisible(text: string): string {
  return text.replace(EACH_INVISIBLE, (letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`);
}
