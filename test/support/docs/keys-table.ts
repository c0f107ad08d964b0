import { keyTable } from '../../../src/config/schema/key-table.ts';

const [BEGIN, END] = ['<!-- keys -->', '<!-- /keys -->'];

/** docs/configuration.md with its table of keys made anew. */
export function withKeys(page: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`the page has no place for the keys: ${BEGIN} … ${END}`);
  return `${page.slice(0, from + BEGIN.length)}\n\n${keyTable()}\n\n${page.slice(to)}`;
}
