/** Text for a manual page. `code` of Markdown becomes bold; nothing in it is taken for a request. */
export function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? bold(part.slice(1, -1)) : escaped(part)))
    .join('')
    .replace(/^(?=[.'])/gm, '\\&');
}

export const bold = (text: string): string => `\\fB${escaped(text).replaceAll('-', '\\-')}\\fR`;
export const italic = (text: string): string => `\\fI${escaped(text).replaceAll('-', '\\-')}\\fR`;

export const section = (title: string, ...blocks: readonly string[]): string => `.SH ${title}\n${blocks.join('\n')}`;
export const subsection = (title: string, ...blocks: readonly string[]): string => `.SS ${title}\n${blocks.join('\n')}`;
export const paragraph = (text: string): string => `.PP\n${prose(text)}`;

/** A term, already in roff, and what it is. */
export const item = (term: string, ...texts: readonly string[]): string => [`.TP\n${term}`, texts.map(prose).join('\n')].join('\n');

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
  /** What stands after the name in lists of manual pages. */
  readonly about: string;
}

/** A whole page. It bears no date, so that it is the same whenever it is made. */
export function page({ name, section: number, version, manual, about }: Heading, ...sections: readonly string[]): string {
  return [
    `.\\" Made by npm run docs from the same lists as the program's own help.`,
    `.TH "${escaped(name.toUpperCase())}" "${number}" "" "overseer ${version}" "${manual}"`,
    '.nh',
    '.ad l',
    section('NAME', `${name} \\- ${escaped(about)}`),
    ...sections,
    '',
  ].join('\n');
}

/** Letters that roff would read as something else, and those that are not ASCII, by their names. */
function escaped(text: string): string {
  const NAMES: Readonly<Record<string, string>> = { '\\': '\\e', "'": '\\(aq', '`': '\\(ga', '~': '\\(ti', '^': '\\(ha' };
  return text.replace(
    /[\\'`~^]|[^\n -~]/gu,
    (letter) => NAMES[letter] ?? `\\[u${letter.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}
