import { NamePaints } from '../../../../src/cli/terminal/name-paints.ts';
import { lastRows } from '../../../../src/cli/terminal/tail-rows.ts';
import { wrapped } from '../../../../src/cli/terminal/wrapped.ts';
import { wrappingOutput } from '../../../../src/cli/terminal/wrapping-output.ts';
import { KeptOutput } from '../../../support/fake-cli.ts';

test.each([
  ['one two three', 13, ['one two three']],
  ['one two three', 12, ['one two', 'three']],
  ['one two three', 7, ['one two', 'three']],
  ['one two three', 6, ['one', 'two', 'three']],
  ['a verylongword b', 5, ['a', 'veryl', 'ongwo', 'rd b']],
  ['日本語 日本', 4, ['日本', '語', '日本']],
  ['日本', 1, ['日本']],
  ['', 5, ['']],
])('%j is wrapped between words to %i columns', (text, columns, lines) => {
  expect(wrapped(text, columns)).toEqual(lines);
});

test('messages are wrapped on a terminal, except lines that are laid out already', async () => {
  const terminal = new KeptOutput({ columns: 12 });
  const output = wrappingOutput(terminal);
  await output.write('one two three four\n  indented and longer\n\u001b[31mred and longer\u001b[0m\n');
  await output.write(Buffer.from('bytes as they are\n'));
  expect(terminal.text).toBe(
    'one two\nthree four\n  indented and longer\n\u001b[31mred and longer\u001b[0m\nbytes as they are\n',
  );
  await output.write('3 of 5\r4 of 5: one two');
  expect(terminal.text).toMatch(/\n3 of 5\r4 of 5: one two$/);
  const piped = new KeptOutput();
  await wrappingOutput(piped).write('one two three four\n');
  expect(piped.text).toBe('one two three four\n');
});

test.each([
  [['one', 'two'], 10, 2, ['one', 'two']],
  [['one', 'two', 'three'], 10, 2, ['…', 'two', 'three']],
  [['abcdefgh'], 3, 5, ['abc', 'def', 'gh']],
  [['abcdefgh'], 3, 2, ['…', 'def', 'gh']],
  [['abcdefgh', 'x', 'y'], Infinity, 1, ['abcdefgh', 'x', 'y']],
])('of %j on %d columns the last %d rows are shown', (lines, columns, most, rows) => {
  expect(lastRows(lines, columns, most)).toEqual(rows);
});

test('each name keeps its colour, of five that come round again', () => {
  const paints = new NamePaints(['a', 'b']);
  expect(['c', 'a', 'd', 'e', 'f', 'b'].map((name) => paints.of(name))).toEqual([
    'green',
    'cyan',
    'magenta',
    'blue',
    'cyan',
    'yellow',
  ]);
});
