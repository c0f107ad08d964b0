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

/** The rows that begin with a number, in a table with this many columns. */
export function numberedRows(
  page: string,
  width: number,
): readonly { readonly number: number; readonly cells: readonly string[] }[] {
  return tableRows(page)
    .filter((cells) => cells.length === width && /^\d+$/.test(cells[0] ?? ''))
    .map(([number, ...cells]) => ({ number: Number(number), cells }));
}

/** The ids of the tests that a text cites, such as `T-17`, each once. */
export function testsCited(text: string): readonly string[] {
  return [...new Set(text.match(/\bT-\d+\b/g))];
}
