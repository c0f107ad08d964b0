/**
 * The words of a command line as Python's shlex and systemd split it: quotes and backslashes, nothing else.
 * Null where a quote is not closed.
 */
export function quotedWords(text: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  const piece = /(\s+)|'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])|([^\s'"\\]+)|(.)/gs;
  for (const [, space, single, double, escaped, plain, other] of text.matchAll(piece)) {
    if (other !== undefined) return null;
    if (space !== undefined) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + (single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? '');
  }
  if (word !== null) words.push(word);
  return words;
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  s: ' ',
};

/** The same as systemd has it, in which a backslash also begins the escapes of C. */
export function unitWords(text: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  const piece = /(\s+)|'((?:[^'\\]|\\[^])*)'|"((?:[^"\\]|\\[^])*)"|((?:[^\s'"\\]|\\[^])+)|(.)/gs;
  for (const [, space, single, double, plain, other] of text.matchAll(piece)) {
    if (other !== undefined) return null;
    if (space !== undefined) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + unescaped(single ?? double ?? plain ?? '');
  }
  if (word !== null) words.push(word);
  return words;
}

const unescaped = (text: string): string =>
  text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([0-7]{3})|([^]))/g,
    (_, x?: string, u?: string, octal?: string, letter = '') => {
      const code = x ?? u;
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      return octal === undefined
        ? (ESCAPES[letter] ?? letter)
        : String.fromCharCode(Number.parseInt(octal, 8));
    },
  );
