import type { Output } from './output.ts';
import { withWrite } from './with-write.ts';

/** The glyphs that overseer itself prints, and what stands for them where the locale has no UTF-8. */
const PLAIN: readonly (readonly [string, string])[] = [
  ['…', '...'],
  ['·', '.'],
  ['↻', '*'],
  ['→', '->'],
  ['×', 'x'],
  ['└─', '`-'],
  ['├─', '|-'],
  ['│', '|'],
];

/**
 * The mark of a word that was cut, as in `com.exam…`; its replacement is as wide. The build escapes what is
 * not ASCII in strings, but not in regular expressions.
 */
const CUT = /(?<=[\w/:.,-])\u2026/g;

/** Whether the locale says that the terminal shows ASCII only. A locale that is not named says nothing. */
export function isAsciiLocale(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((each) => (each ?? '') !== '') ?? '';
  const charset = /\.([^@]*)/.exec(locale)?.[1];
  if (charset !== undefined) return !/^utf-?8$/i.test(charset);
  return locale === 'C' || locale === 'POSIX';
}

/** The text with overseer's own glyphs in ASCII. */
function inAscii(text: string): string {
  return PLAIN.reduce((plain, [glyph, instead]) => plain.replaceAll(glyph, instead), text.replace(CUT, '~'));
}

/** An output of overseer's own words in ASCII. Bytes, such as those of a log, pass unchanged. */
export function asciiOutput(output: Output): Output {
  return withWrite(output, (data) => output.write(typeof data === 'string' ? inAscii(data) : data));
}
