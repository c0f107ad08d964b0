import { fit } from '../../text/display-width.ts';

/**
 * The last so many rows that a terminal of this width needs for the lines; a row with an ellipsis stands for
 * what is left out.
 */
export function lastRows(lines: readonly string[], columns: number, most: number): readonly string[] {
  // What is piped is never cut.
  if (columns === Infinity) return lines;
  const rows = lines.flatMap((line) => rowsOf(line, columns));
  return rows.length <= most ? rows : ['…', ...rows.slice(-most)];
}

function rowsOf(line: string, columns: number): readonly string[] {
  const rows: string[] = [];
  let rest = line;
  while (rest !== fit(rest, columns)) {
    // The blanks make sure of a cut, whose mark stands one column further on.
    const row = fit(`${rest}  `, columns + 1).slice(0, -1);
    if (row === '') break;
    rows.push(row);
    rest = rest.slice(row.length);
  }
  return [...rows, rest];
}
