import { LineSplitter } from '../../../../src/cli/logs/line-splitter.ts';
import type { Chunk } from '../../../../src/cli/logs/log-tail.ts';

/**
 * A piece of a log, each byte of which was written at `at` and as many milliseconds as it lies behind the
 * first.
 */
const chunk = (text: string, at = 0): Chunk => ({
  bytes: Buffer.from(text),
  timeAt: (index) => ({ at: at + index, isExact: true }),
});

const words = (lines: ReturnType<LineSplitter['push']>): readonly string[] =>
  lines.map(({ name, line, time }) => `${name} ${line.toString()} ${time().at}`);

test('a line that comes in pieces is one line, of the time at which it began', () => {
  const splitter = new LineSplitter();
  expect(words(splitter.push('a', chunk('one\ntw', 10), 0))).toEqual(['a one 10']);
  expect(words(splitter.push('b', chunk('x\n', 20), 0))).toEqual(['b x 20']);
  expect(words(splitter.push('a', chunk('o\nthree\n', 30), 5))).toEqual(['a two 14', 'a three 32']);
  expect(words(splitter.due(5_000))).toEqual([]);
});

test('a line that goes on growing is shown a second after it began, not after its last piece', () => {
  const splitter = new LineSplitter();
  splitter.push('a', chunk('.'), 0);
  splitter.push('a', chunk('.'), 600);
  expect(words(splitter.due(999))).toEqual([]);
  expect(words(splitter.due(1_000))).toEqual(['a .. 0']);
  splitter.push('a', chunk('.', 7), 1_200);
  expect(words(splitter.due(2_199))).toEqual([]);
  expect(words(splitter.due(2_200))).toEqual(['a . 7']);
});

test('a line that begins behind the end of another waits from then on', () => {
  const splitter = new LineSplitter();
  splitter.push('a', chunk('.'), 0);
  splitter.push('a', chunk('\n.'), 600);
  expect(words(splitter.due(1_599))).toEqual([]);
  expect(words(splitter.due(1_600))).toEqual(['a . 1']);
});

test('a line beyond 64 KiB is shown without its end', () => {
  const splitter = new LineSplitter();
  const [long, most] = ['x'.repeat(64 * 1024 + 1), 'x'.repeat(64 * 1024)];
  expect(words(splitter.push('a', chunk(long), 0))).toEqual([`a ${long} 0`]);
  expect(words(splitter.push('a', chunk(`y\n${most}`, 5), 0))).toEqual(['a y 5']);
  expect(words(splitter.push('a', chunk('\n'), 0))).toEqual([`a ${most} 7`]);
});

test('unfinished lines are shown at the end', () => {
  const splitter = new LineSplitter();
  splitter.push('a', chunk('1'), 0);
  splitter.push('b', chunk('2'), 1_000);
  expect(words(splitter.due(Infinity))).toEqual(['a 1 0', 'b 2 0']);
  expect(words(splitter.due(Infinity))).toEqual([]);
});
