import type { Problem } from '../config.ts';
import type { Source } from './source.ts';

/**
 * A config that exceeds one of these limits was not written by a person, and would take the parser too long.
 */
export const SIZE_LIMITS = {
  /** All files together. */
  bytes: 8 * 2 ** 20,
  files: 1_000,
  /** Keys, tables and items of arrays in all files: 10,000 jobs of 50. */
  items: 500_000,
  /** Parts of one dotted key or table name; the parser's time grows with their square. */
  keyParts: 16,
  /** Arrays and inline tables within each other. */
  depth: 32,
  /** Letters of one string or key: the system hands no longer one to a program. */
  letters: 128 * 1024,
} as const;

/** The size of a file, or its first part that is too large. Takes time in proportion to the text only. */
export type Measured = { readonly items: number } | Problem;

const CODE = {
  tab: 9,
  lineFeed: 10,
  space: 32,
  quote: 34,
  hash: 35,
  apostrophe: 39,
  comma: 44,
  dot: 46,
  equals: 61,
  open: 91,
  backslash: 92,
  close: 93,
  openTable: 123,
  closeTable: 125,
} as const;

export function measure(source: Source): Measured {
  const { text } = source;
  let items = 0;
  let parts = 1;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === CODE.hash) at = endOfLine(text, at);
    else if (code === CODE.quote || code === CODE.apostrophe) {
      const end = endOfString(text, at, code);
      if (end - at > SIZE_LIMITS.letters) return tooLong(source, at);
      at = end;
    } else if (code === CODE.dot) {
      parts += 1;
      if (parts > SIZE_LIMITS.keyParts) return tooDeep(source, at);
      at += 1;
    } else if (isBare(code)) {
      const end = endOfWord(text, at);
      if (end - at > SIZE_LIMITS.letters) return tooLong(source, at);
      at = end;
    } else {
      if (code === CODE.equals || code === CODE.comma || code === CODE.open) items += 1;
      if (code !== CODE.space && code !== CODE.tab) parts = 1;
      at += 1;
    }
  }
  return { items };
}

const problemAt = (source: Source, offset: number, message: string): Problem => {
  const spot = source.spotAt(offset);
  return { file: source.file, ...spot, message, excerpt: source.excerptAt(spot) };
};

const tooLong = (source: Source, at: number): Problem =>
  problemAt(
    source,
    at,
    `this text is too long: at most ${SIZE_LIMITS.letters / 1024} Ki characters are read`,
  );

const tooDeep = (source: Source, at: number): Problem =>
  problemAt(source, at, `this key has too many parts: at most ${SIZE_LIMITS.keyParts} may be joined by dots`);

/** None of the marks that `measure` looks for. */
function isBare(code: number): boolean {
  switch (code) {
    case CODE.tab:
    case CODE.lineFeed:
    case CODE.space:
    case CODE.quote:
    case CODE.hash:
    case CODE.apostrophe:
    case CODE.comma:
    case CODE.dot:
    case CODE.equals:
    case CODE.open:
    case CODE.close:
    case CODE.openTable:
    case CODE.closeTable:
      return false;
    default:
      return true;
  }
}

function endOfWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBare(text.charCodeAt(at))) at += 1;
  return at;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/**
 * The offset behind the closing quote; for a string that is never closed, the end of its line or of the text.
 */
function endOfString(text: string, from: number, quote: number): number {
  const isLong = text.charCodeAt(from + 1) === quote && text.charCodeAt(from + 2) === quote;
  if (!isLong && text.charCodeAt(from + 1) === quote) return from + 2;
  const hasEscapes = quote === CODE.quote;
  let at = from + (isLong ? 3 : 1);
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === CODE.backslash && hasEscapes) at += 1;
    else if (!isLong && (code === quote || code === CODE.lineFeed)) return at + 1;
    else if (
      isLong &&
      code === quote &&
      text.charCodeAt(at + 1) === quote &&
      text.charCodeAt(at + 2) === quote
    )
      return at + 3;
    at += 1;
  }
  return at;
}
