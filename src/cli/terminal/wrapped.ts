import { displayWidth, headOf } from '../../text/display-width.ts';

/** Wraps a text between words; a word that is longer than a line continues on the next. */
export function wrapped(text: string, columns: number): readonly string[] {
  if (displayWidth(text) <= columns) return [text];
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && displayWidth(last) + 1 + displayWidth(word) <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(...pieces(word, columns));
  }
  return lines;
}

function pieces(word: string, columns: number): readonly string[] {
  const found: string[] = [];
  let rest = word;
  while (displayWidth(rest) > columns) {
    const head = headOf(rest, columns);
    if (head === '') break;
    found.push(head);
    rest = rest.slice(head.length);
  }
  return [...found, rest];
}
