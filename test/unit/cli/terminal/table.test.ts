import { tableLines, type ShrinkRule } from '../../../../src/cli/terminal/table.ts';

const lines = (
  rows: readonly (readonly string[])[],
  columns = Infinity,
  rules: readonly ShrinkRule[] = [],
): readonly string[] =>
  tableLines(
    rows.map((row) => row.map((text) => ({ text }))),
    rules,
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

describe('a table on a narrow page', () => {
  const row = ['ab', 'one-long-name', 'a sentence that is long'];
  const WIDE = 'ab  one-long-name  a sentence that is long';

  test('a table that just fits its page stays whole, and one column less cuts one letter', () => {
    const rules = [{ at: 2, least: 4 }];
    expect([lines([row], WIDE.length, rules), lines([row], WIDE.length - 1, rules)]).toEqual([
      [WIDE],
      ['ab  one-long-name  a sentence that is lo…'],
    ]);
  });

  test('columns give way in the order of the rules, each to its least and no further', () => {
    const rules: readonly ShrinkRule[] = [
      { at: 2, least: 8 },
      { at: 1, least: 6, cut: 'middle' },
      { at: 2, least: 4 },
    ];
    expect([30, 27, 22, 20, 18].map((columns) => lines([row], columns, rules)[0])).toEqual([
      'ab  one-long-name  a sentence…',
      'ab  one-long-name  a sente…',
      'ab  one-l…me  a sente…',
      'ab  one-…e  a sente…',
      'ab  one-…e  a sen…',
    ]);
  });

  test('a column that is narrower than its least is not made wider, and one of 0 goes with its gap', () => {
    const rules = [{ at: 0, least: 8 }];
    expect(lines([row], 10, rules)[0]).toBe(WIDE);
    const gone = [{ at: 1, least: 0 }];
    expect(lines([row], WIDE.length - 1, gone)[0]).toBe('ab  a sentence that is long');
  });
});
