import { measure, SIZE_LIMITS, type Measured } from '../../../../src/config/toml/size-limits.ts';
import { Source } from '../../../../src/config/toml/source.ts';

const measured = (text: string): Measured => measure(new Source('/c/a.toml', text));
const items = (text: string): unknown => {
  const found = measured(text);
  return 'items' in found ? found.items : found.message;
};
const LONG = SIZE_LIMITS.letters + 1;

test.each<[string, number]>([
  ['', 0],
  ['a = 1', 1],
  ['a = 1\nb = 2\n', 2],
  ['[t]\na = [1, 2, 3]', 5],
  ['a = { b = 1, c = 2 }', 4],
  // What stands in texts and remarks is none.
  ['a = "b = 1, [c]"', 1],
  ["a = 'b = 1, [c]'", 1],
  ['# a = [1, 2]\nb = 1 # = = =', 1],
  ['a = """\nb = 1, [c]\n"""\nd = 1', 2],
  ["a = '''\nb = \"1, [c]\n'''\nd = 1", 2],
  ['a = ""\nb = 1', 2],
  ["a = ''\nb = 1", 2],
  ['a = "x\\"b = 1"\nc = 1', 2],
  ["a = 'x\\'\nc = 1", 2],
  ['a = """x\\""" = """\nc = 1', 2],
  ['a = """x"" = "y""""\nc = 1', 2],
  // A text that is never closed ends with its line, or with the file.
  ['a = "b\nc = 1', 2],
  ["a = 'b\nc = 1", 2],
  ['a = """b\nc = 1', 1],
  ['a = "b\\', 1],
])('a file of %j has %d keys, tables and items', (text, count) => {
  expect(items(text)).toBe(count);
});

const joined = (count: number, by = '.'): string => Array.from({ length: count }, () => 'a').join(by);

test('a key of sixteen parts is read, and one of more is pointed at', () => {
  expect(items(`${joined(16)} = 1\n${joined(16)} = 2`)).toBe(2);
  expect(items(`${joined(16, ' . ')} = 1`)).toBe(1);
  expect(items(`[${joined(16)}]\n[${joined(16)}]`)).toBe(2);
  expect(measured(`b = 1\n${joined(17)} = 1`)).toEqual({
    file: '/c/a.toml',
    line: 2,
    column: 32,
    message: 'this key has too many parts: at most 16 may be joined by dots',
    excerpt: expect.stringContaining(joined(17)),
  });
  expect(measured(`${joined(17, '\t.\t')} = 1`)).toMatchObject({ message: expect.stringContaining('parts') });
});

test('a text or a word of 128 Ki characters is read, and a longer one is pointed at', () => {
  const x = (length: number): string => 'x'.repeat(length);
  expect(items(`a = "${x(LONG - 3)}"`)).toBe(1);
  expect(items(`a = ${x(LONG - 1)}`)).toBe(1);
  expect(items(`# ${x(LONG)}\na = 1`)).toBe(1);
  const message = 'this text is too long: at most 128 Ki characters are read';
  for (const text of [`a = "${x(LONG)}"`, `a = '${x(LONG)}'`, `a = """${x(LONG)}"""`, `a = ${x(LONG)}`])
    expect(measured(`b = 1\n${text}`)).toMatchObject({ line: 2, column: 5, message });
});
