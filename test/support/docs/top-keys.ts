import { keysFor } from '../../../src/cli/top/keys.ts';

const BEGIN = '<!-- keys of top: made by `npm run docs` from src/cli/top/keys.ts -->';
const END = '<!-- end of keys of top -->';

/** A page with its table of the keys of `overseer top` made anew. */
export function withTopKeys(page: string): string {
  const [before, rest = ''] = page.split(BEGIN);
  const after = rest.slice(rest.indexOf(END) + END.length);
  if (!rest.includes(END)) throw new Error(`the page has no place for the keys: ${BEGIN} … ${END}`);
  const rows = keysFor(false).map(({ label, about }) => `| \`${label}\` | ${about} |`);
  return `${before}${BEGIN}\n\n${['| key | |', '|---|---|', ...rows].join('\n')}\n\n${END}${after}`;
}
