/** Text for a manual page. `code` of Markdown becomes bold; nothing in it is taken for a request. */
export function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? bold(part.slice(1, -1)) : escaped(part)))
    .join('')
    .split('\n')
    .flatMap(filled)
    .join('\n')
    .replace(/^(?=[.'])/gm, '\\&');
}

/** Longer lines of the source are bad style. */
const COLUMNS = 78;

/** Words in lines of the source. None ends with a sentence: roff would put two blanks after it. */
function filled(text: string): readonly string[] {
  const lines: string[][] = [[]];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string[];
    if ([...line, word].join(' ').length <= COLUMNS) line.push(word);
    else lines.push([...(line.length > 1 && /[.!?]$/.test(line.at(-1) ?? '') ? line.splice(-1) : []), word]);
  }
  return lines.map((line) => line.join(' '));
}

export const bold = (text: string): string => `\\fB${escaped(text).replaceAll('-', '\\-')}\\fR`;
export const italic = (text: string): string => `\\fI${escaped(text).replaceAll('-', '\\-')}\\fR`;

export const section = (title: string, ...blocks: readonly string[]): string =>
  `.SH ${title}\n${bodyOf(blocks)}`;
export const subsection = (title: string, ...blocks: readonly string[]): string =>
  `.SS ${title}\n${bodyOf(blocks)}`;

/** A heading begins a paragraph by itself. */
const bodyOf = (blocks: readonly string[]): string => blocks.join('\n').replace(/^\.PP\n/, '');
export const paragraph = (text: string): string => `.PP\n${prose(text)}`;

/** A term, already in roff, and what it is. */
export const item = (term: string, ...texts: readonly string[]): string =>
  [`.TP\n${term}`, prose(texts.filter((text) => text !== '').join(' '))].join('\n');

/** Lines as they are, set in. */
export function example(text: string): string {
  const lines = escaped(text.trimEnd())
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&');
  return `.PP\n.RS 4\n.nf\n${lines}\n.fi\n.RE`;
}

export interface Heading {
  readonly name: string;
  readonly section: number;
  readonly version: string;
  readonly manual: string;
  /** The text after the name in lists of manual pages. */
  readonly about: string;
}

/**
 * When the pages were last revised, not when they were made: they must be the same whenever they are made.
 */
const REVISED = '2026-11-29';

/** A whole page. */
export function page(
  { name, section: number, version, manual, about }: Heading,
  ...sections: readonly string[]
): string {
  return [
    `.\\" Made by npm run docs from the same lists as the program's own help.`,
    `.TH "${escaped(name.toUpperCase())}" "${number}" "${REVISED}" "overseer ${version}" "${manual}"`,
    '.nh',
    '.ad l',
    section('NAME', `${name} \\- ${escaped(about)}`),
    ...sections,
    '',
  ].join('\n');
}

/** Letters that roff would read as something else, and those that are not ASCII, by their names. */
function escaped(text: string): string {
  const NAMES: Readonly<Record<string, string>> = {
    '\\': '\\e',
    "'": '\\(aq',
    '`': '\\(ga',
    '~': '\\(ti',
    '^': '\\(ha',
  };
  return text.replace(
    /[\\'`~^]|[^\n -~]/gu,
    (letter) => NAMES[letter] ?? `\\[u${letter.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}
