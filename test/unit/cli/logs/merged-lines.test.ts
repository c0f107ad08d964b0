import { mergedLines, type LineFilter } from '../../../../src/cli/logs/merged-lines.ts';
import type { Chunk, LogTail } from '../../../../src/cli/logs/log-tail.ts';

/** A log in chunks; the time of each byte is the number that its line begins with. */
function logOf(name: string, ...chunks: readonly string[]) {
  const whole = chunks.join('');
  const left = [...chunks];
  let passed = 0;
  const timeAt = (index: number): number =>
    Number(whole.slice(whole.lastIndexOf('\n', index - 1) + 1).split(' ')[0]);
  const next = (): Chunk | null => {
    const text = left.shift();
    if (text === undefined) return null;
    const begin = passed;
    passed += text.length;
    return {
      bytes: Buffer.from(text),
      timeAt: (index) => ({ at: timeAt(begin + index), isExact: true }),
    };
  };
  return { name, tail: { next } as Pick<LogTail, 'next'> as LogTail };
}

const merged = (
  logs: readonly ReturnType<typeof logOf>[],
  filter: LineFilter | null = null,
  most = Infinity,
) => [...mergedLines(logs, filter, most)].map(({ name, chunk }) => `${name}: ${chunk.bytes.toString()}`);

test('lines of several logs come in the order of their times, or else log by log', () => {
  expect(merged([logOf('a', '1 a\n3 a\n', '3 b\n9 a\n'), logOf('b', '2 b\n3 c\n4 b\n'), logOf('c')])).toEqual(
    ['a: 1 a\n', 'b: 2 b\n', 'a: 3 a\n', 'a: 3 b\n', 'b: 3 c\n', 'b: 4 b\n', 'a: 9 a\n'],
  );
});

test('a line in several chunks is joined, and has the time of its beginning', () => {
  expect(merged([logOf('a', '1 a', 'b', 'c\n5 x', 'y\n'), logOf('b', '2 b\n')])).toEqual([
    'a: 1 abc\n',
    'b: 2 b\n',
    'a: 5 xy\n',
  ]);
  expect(merged([logOf('a', '1 no ', 'end')])).toEqual(['a: 1 no end']);
  expect(merged([logOf('a', '1 a\n', '')])).toEqual(['a: 1 a\n']);
});

test('of the lines that are let through the last ones of each log are shown', () => {
  const lines = '1 x\n2 y\n3 x\n4 x\n5 x';
  const isX: LineFilter = (line) => line.toString().endsWith('x');
  expect([merged([logOf('a', lines)], isX, 2), merged([logOf('a', lines)], isX)]).toEqual([
    ['a: 4 x\n', 'a: 5 x'],
    ['a: 1 x\n', 'a: 3 x\n', 'a: 4 x\n', 'a: 5 x'],
  ]);
  expect(merged([logOf('a', lines), logOf('b', '2 x\n')], isX, 1)).toEqual(['b: 2 x\n', 'a: 5 x']);
  expect(merged([logOf('a', lines)], isX, 0)).toEqual([]);
});

test('a filter is asked with the line without its newline, and with its time', () => {
  const asked: unknown[] = [];
  merged([logOf('a', '1 x\n2 y')], (line, time) => (asked.push([line.toString(), time().at]), true));
  expect(asked).toEqual([
    ['1 x', 1],
    ['2 y', 2],
  ]);
});

test('of very many lines only the last are kept', () => {
  const many = Array.from({ length: 5_000 }, (_, at) => `${at} x\n`).join('');
  const shown = merged([logOf('a', many)], () => true, 3);
  expect(shown).toEqual(['a: 4997 x\n', 'a: 4998 x\n', 'a: 4999 x\n']);
});
