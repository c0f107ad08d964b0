import { fit } from '../../text/display-width.ts';

/** The last rows of these lines on a terminal of this width; an ellipsis row stands for omitted ones. */
export function lastRows(lines: readonly string[], columns: number, most: number): readonly string[] {
  // Piped output is never truncated.
  if (columns === Infinity) return lines;
  const rows = lines.flatMap((line) => rowsOf(line, columns));
  return rows.length <= most ? rows : ['…', ...rows.slice(-most)];
}

function rowsOf(line: string, columns: number): readonly string[] {
  const rows: string[] = [];
  let rest = line;
  while (rest !== fit(rest, columns)) {
    // The added blanks force a cut, whose mark is one column further on.
    const row = fit(`${rest}  `, columns + 1).slice(0, -1);
    if (row === '') break;
    rows.push(row);
    rest = rest.slice(row.length);
  }
  return [...rows, rest];
}
