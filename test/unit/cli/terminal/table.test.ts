import { tableLines } from '../../../../src/cli/terminal/table.ts';

const lines = (rows: readonly (readonly string[])[], columns = Infinity): readonly string[] =>
  tableLines(
    rows.map((row) => row.map((text) => ({ text }))),
    [],
    { columns, color: false, now: 0 },
  );
const long = 'x'.repeat(61);

describe('a table that is not cut', () => {
  test('a table keeps columns apart where every cell of one is too long to pad to', () => {
    expect(lines([['a', long, 'failed']])).toEqual([`a  ${long}  failed`]);
    expect(lines([[long, long, long]])).toEqual([`${long}  ${long}  ${long}`]);
    expect(
      lines([
        ['a', long, 'b'],
        ['a', long, 'c'],
      ]),
    ).toEqual([`a  ${long}  b`, `a  ${long}  c`]);
  });

  test('a table needs no gap for an empty cell in a column of long ones', () => {
    expect(
      lines([
        ['a', long, 'b'],
        ['a', '', 'c'],
      ]),
    ).toEqual([`a  ${long}  b`, 'a  c']);
  });
});
