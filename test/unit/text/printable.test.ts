import { printable, printableJson, printableLines } from '../../../src/text/printable.ts';

const HARMFUL = [
  '\u001b[2J',
  '\u0000',
  '\u007f',
  '\u009b31m',
  '\u061c',
  '\u202e',
  '\u2066',
  '\u2060',
  '\ufeff',
  '\u2028',
];

test('control characters and invisible characters are not printed', () => {
  for (const text of HARMFUL) expect(printable(text)).toMatch(/^[\u0020-\u007e]+$/);
});

test('JSON holds the same characters escaped, and reads back as it was', () => {
  for (const text of HARMFUL) {
    const json = printableJson({ [text]: [text] });
    expect(json).toMatch(/^[\n\u0020-\u007e]+$/);
    expect(JSON.parse(json)).toEqual({ [text]: [text] });
  }
});

test('letters of every script, emoji and their joiners stay as they are', () => {
  const text = 'Grüße 日本語 👨‍👩‍👧 नमस्ते می‌خواهم';
  expect(printable(text)).toBe(text);
  expect(printableJson(text)).toBe(JSON.stringify(text));
});

test('no sequence that a terminal would obey gets through', () => {
  expect(printable('a\u001b]0;title\u0007\n\r\t\u009b1m\u2066')).toBe(
    'a\\e]0;title\\u{7}\\n\\r\\t\\u{9b}1m\\u{2066}',
  );
  expect(JSON.parse(printableJson({ text: '\u001b\u009b\u007f' }))).toEqual({ text: '\u001b\u009b\u007f' });
  // oxlint-disable-next-line no-control-regex -- finding them is the point
  const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;
  expect(printableJson({ text: '\u001b\u009b\u007f' })).not.toMatch(control);
});

test('lines from elsewhere are safe to show, with their indents and without the last line end', () => {
  expect(printableLines('a\tb\r\n\u001b[2Jc\n\nd\n')).toEqual(['a    b', '\\e[2Jc', '', 'd']);
  expect([printableLines(''), printableLines('a\r\n'), printableLines('a\n\n')]).toEqual([
    [''],
    ['a'],
    ['a', ''],
  ]);
});

test('JSON for people is indented, and JSON for programs is one line', () => {
  expect([printableJson({ a: [1] }), printableJson({ a: [1] }, 0)]).toEqual([
    '{\n  "a": [\n    1\n  ]\n}',
    '{"a":[1]}',
  ]);
  expect(printableJson('\u0085', 0)).toBe(String.raw`"\u0085"`);
});
