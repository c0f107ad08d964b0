import { testTitles } from './test-titles.ts';

/** The rows of the tables in a page, cell by cell; heads and rules among them. */
export function tableRows(page: string): readonly (readonly string[])[] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('|') && line.endsWith('|'))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}

/** Those that begin with a number, in a table of so many cells. */
export function numberedRows(
  page: string,
  width: number,
): readonly { readonly number: number; readonly cells: readonly string[] }[] {
  return tableRows(page)
    .filter((cells) => cells.length === width && /^\d+$/.test(cells[0] ?? ''))
    .map(([number, ...cells]) => ({ number: Number(number), cells }));
}

/** The tests that a text names: `file: title` in code marks, in double ones where the title holds a mark itself. */
export function testsNamed(text: string): readonly string[] {
  return [...text.matchAll(/(`+)(test\/\S+\.test\.ts: .+?)\1(?!`)/g)].map(([, , name = '']) =>
    name.replaceAll('\\|', '|').trim(),
  );
}

/** Those of them that there are not. */
export function testsMissing(root: string, text: string): readonly string[] {
  const titles = new Set(
    testTitles(root).map(({ file, ids, sentence }) => `${file}: ${[...ids, sentence].join(' ')}`),
  );
  return testsNamed(text).filter((name) => !titles.has(name));
}
