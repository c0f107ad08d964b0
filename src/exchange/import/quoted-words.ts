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
