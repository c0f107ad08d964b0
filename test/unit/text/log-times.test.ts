import fc from 'fast-check';
import { readMarks, writeMark, type TimeMark } from '../../../src/text/log-times.ts';

const mark = (at: number, size: number, isLate = false): TimeMark => ({ at, size, isLate });

test('a mark is a line with time and size, and with a sign in front if it is late', () => {
  expect([mark(1769012345678, 1024), mark(5, 0, true)].map(writeMark)).toEqual([
    '1769012345678 1024\n',
    '~5 0\n',
  ]);
});

test('marks are read as they were written', () => {
  const sizes = fc.array(fc.nat(1e9)).map((all) => all.toSorted((a, b) => a - b));
  fc.assert(
    fc.property(sizes, fc.infiniteStream(fc.boolean()), (all, late) => {
      const marks = all.map((size, at) => mark(at, size, late.next().value));
      expect(readMarks(marks.map(writeMark).join(''))).toEqual(marks);
    }),
  );
});

test('marks of an older log, which was longer, are left out', () => {
  expect(readMarks('1 10\n2 20\n3 5\n4 5\n')).toEqual([mark(3, 5), mark(4, 5)]);
  expect(readMarks('1 10\n2 5\n3 7\n4 1\n5 2\n')).toEqual([mark(4, 1), mark(5, 2)]);
  expect(readMarks('1 10\n2 10\n')).toEqual([mark(1, 10), mark(2, 10)]);
});

test.each([
  ['x1 2'],
  ['1 2x'],
  ['1'],
  ['1  2'],
  ['-1 2'],
  ['1 -2'],
  ['~~1 2'],
  ['1.5 2'],
  ['1234567890123456 1'],
  ['1 1234567890123456'],
  [''],
])('the line "%s" is no mark and costs no other', (line) => {
  expect(readMarks(`1 1\n${line}\n2 2\n`)).toEqual([mark(1, 1), mark(2, 2)]);
});
