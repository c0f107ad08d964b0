import { codePointName } from '../../text/invisible.ts';

/** The parser's error: a grammar error lists the expected tokens, a semantic one has its own message. */
export interface SyntaxError extends Error {
  readonly location?: { readonly start: { readonly line: number; readonly column: number } };
  readonly expected?: readonly Expectation[] | null;
  readonly line?: number;
  readonly column?: number;
}

interface Expectation {
  readonly type: string;
  readonly text?: string;
  readonly inverted?: boolean;
}

/** The position of a TOML error, and a description in our words. */
export function describeSyntax(
  error: SyntaxError,
  offset: number,
  text: string,
): { offset: number; message: string } {
  if (!error.expected) return { offset, message: meaningWords(error.message) };
  const zero = leadingZero(text, offset);
  if (zero !== null)
    return { offset: zero, message: 'a number must not begin with 0: write it as a string, in quotes' };
  // The parser points one past the end where it wanted more.
  const at = Math.min(offset, text.length);
  return {
    offset: at,
    message: `unexpected ${foundWords(text, at)}: expected ${expectedWords(error.expected, text, at)}`,
  };
}

function meaningWords(message: string): string {
  const [, key] = /^Cannot redefine existing key '(.*)'/s.exec(message) ?? [];
  if (key === 'jobs') return 'jobs is already there: each job begins with [[jobs]], in two brackets';
  if (key === 'defaults') return 'a second [defaults]: one table is allowed';
  if (key !== undefined) return `${JSON.stringify(key)} is set twice: a key may stand once in its table`;
  if (message === 'Invalid escape sequence')
    return 'invalid escape sequence: write \\\\ for a backslash, or use single quotes';
  const cut = message.split('. ')[0]?.replace(/\.$/, '') ?? '';
  return cut
    .replace(/ losslessly as a JavaScript number/, ': it is too large')
    .replace(/^[A-Z]/, (letter) => letter.toLowerCase());
}

/** `umask = 022` fails where the parser still hopes for a date, some characters on. */
function leadingZero(text: string, offset: number): number | null {
  const start = text.lastIndexOf('\n', offset - 2) + 1;
  const match = /^[^#"'\n]*?=[ \t]*(?=[+-]?0\d)/.exec(text.slice(start, offset));
  return match === null ? null : start + match[0].length;
}

function foundWords(text: string, offset: number): string {
  const found = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  if (offset >= text.length) return 'end of file';
  if (found === '\n' || text.startsWith('\r\n', offset)) return 'end of line';
  if (/(?! )[\p{C}\p{Z}]/u.test(found)) return `character ${codePointName(found)}`;
  const [word = found] = /^[\p{L}\p{N}_]+/u.exec(text.slice(offset, offset + MAX_WORD)) ?? [];
  return JSON.stringify(word);
}

const MAX_WORD = 30;

/** The first rule whose tokens are all among the expected ones gives the description. */
function expectedWords(expected: readonly Expectation[], text: string, offset: number): string {
  const marks = new Set(
    expected.map(({ type, text: literal, inverted }) => literal ?? (inverted ? 'inside' : type)),
  );
  const has = (...wanted: readonly string[]): boolean => wanted.every((mark) => marks.has(mark));
  if (has('inside')) return insideString(text, offset, has('"""') || has("'''") || has('\r\n'));
  if (has('true')) return valueWords(text, offset);
  if (has('end')) return 'a key, a table such as [[jobs]], or a # comment';
  if (has('=')) return 'an equals sign after the key';
  if (has(',', ']')) return 'a comma, or ] at the end of the array';
  if (has('}') && has(',')) return 'a comma, or } at the end of the table';
  if (has(']')) return '] after the name of the table';
  if (has('"', "'")) return 'a key';
  if (has('#')) return 'the end of the line, for there is one key on each';
  if (has('inf') || !has('\n')) return 'a digit';
  return 'the end of the line';
}

function insideString(text: string, offset: number, long: boolean): string {
  const next = text.charAt(offset);
  if (next !== '' && next !== '\n' && next !== '\r') return 'it to be escaped in a string, as \\uXXXX';
  return long ? 'the three quotes that close the string' : 'the quote that closes the string';
}

function valueWords(text: string, offset: number): string {
  const word = /^[^\s,\]}#]*/.exec(text.slice(offset, offset + MAX_WORD))?.[0] ?? '';
  if (/^(?:true|yes|on)$/i.test(word)) return 'a value: write true';
  if (/^(?:false|no|off)$/i.test(word)) return 'a value: write false';
  if (/^[\u2018-\u201f\u00ab\u00bb`]/.test(word)) return 'a value: write straight quotes, "…"';
  if (/^[\p{L}~/$]/u.test(word)) return 'a value: write text in quotes';
  return 'a value after the equals sign';
}
