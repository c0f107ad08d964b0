// A table of a page of docs whose rows are written one at a time, each by its own run of a command.
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Puts rows into the table between two comments of a page. A row is known by its first cell: it replaces
 * that of an earlier run, and the other rows stay as they are. `sorted` orders the first cells.
 */
export function writeRows(path, { begin, end, head, rows, sorted = (a, b) => a.localeCompare(b) }) {
  const [before, rest] = readFileSync(path, 'utf8').split(begin);
  const [table, after] = rest.split(end);
  const lineOf = (cells) => `| ${cells.join(' | ')} |`;
  const known = table
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) => [line.split(' | ')[0].slice(2), line]);
  const all = new Map([...known, ...rows.map((cells) => [cells[0], lineOf(cells)])]);
  const body = [...all].toSorted(([a], [b]) => sorted(a, b)).map(([, line]) => line);
  const lines = [lineOf(head), lineOf(head.map(() => '---')), ...body];
  writeFileSync(path, `${before}${begin}\n\n${lines.join('\n')}\n\n${end}${after}`);
}
