import { closeSync, openSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineTimes } from '../../../../src/cli/logs/line-times.ts';
import type { LogFile } from '../../../../src/cli/logs/log-file.ts';
import { logIndexOf } from '../../../../src/data-folder.ts';
import { writeMark, type TimeMark } from '../../../../src/text/log-times.ts';
import { newFolder } from '../../../support/new-folder.ts';

const NOON = Date.UTC(2026, 0, 1, 12);
let fd = -1;
afterEach(() => closeSync(fd));

/** The times of a log of this many bytes that was last written at noon, and of its index. */
function times(bytes: number, marks: readonly TimeMark[]): LineTimes {
  const path = join(newFolder(), 'web.log');
  writeFileSync(path, 'x'.repeat(bytes));
  utimesSync(path, NOON / 1_000, NOON / 1_000);
  if (marks.length > 0) writeFileSync(logIndexOf(path), marks.map(writeMark).join(''));
  fd = openSync(path, 'r');
  return new LineTimes(path, { fd } as LogFile);
}

const mark = (at: number, size: number, isLate = false): TimeMark => ({ at, size, isLate });
const MARKS = [mark(NOON - 9_000, 10), mark(NOON - 5_000, 20, true), mark(NOON - 500, 30)];

test.each([
  [0, NOON - 9_000, true],
  [9, NOON - 9_000, true],
  [10, NOON - 5_000, false],
  [19, NOON - 5_000, false],
  [20, NOON - 500, true],
  [29, NOON - 500, true],
  // Behind the last mark, and half a second after it.
  [30, NOON, true],
])('the line at byte %i was written at %i (exact: %s)', (offset, at, isExact) => {
  expect(times(40, MARKS).at(offset)).toEqual({ at, isExact });
});

test('a line written long after the last mark may be older than the log says', () => {
  const late = times(40, MARKS.slice(0, 2));
  expect([late.at(19), late.at(20)]).toEqual([
    { at: NOON - 5_000, isExact: false },
    { at: NOON, isExact: false },
  ]);
  // It was not there when reading began.
  expect(late.at(40)).toEqual({ at: NOON, isExact: true });
});

test('without an index only the last time is known', () => {
  const bare = times(40, []);
  expect([bare.at(0), bare.begin(NOON), bare.begin(NOON + 1)]).toEqual([{ at: NOON, isExact: false }, 0, 40]);
});

test('the marks of a log that has been rotated meanwhile are those since', () => {
  const rotated = times(5, [mark(NOON - 9_000, 100), mark(NOON - 500, 5)]);
  expect(rotated.at(0)).toEqual({ at: NOON - 500, isExact: true });
});

test.each([
  [NOON - 9_001, 0],
  [NOON - 9_000, 0],
  [NOON - 8_999, 10],
  [NOON - 5_000, 10],
  [NOON - 499, 30],
  [NOON, 30],
  [NOON + 1, 40],
])('the output that was written since %i begins at byte %i or later', (since, begin) => {
  expect(times(40, MARKS).begin(since)).toBe(begin);
});
