import { quotedWords, unitWords } from '../../../../src/exchange/syntax/quoted-words.ts';

test.each<[string, readonly string[] | null]>([
  ['', []],
  ['  a  b\tc\n', ['a', 'b', 'c']],
  [`a'b c'"d e"f`, ['ab cd ef']],
  [`'' ""`, ['', '']],
  [String.raw`a\ b \'c \\`, ['a b', "'c", '\\']],
  ['a\\\nb', ['a\nb']],
  [String.raw`'a\b'`, [String.raw`a\b`]],
  [String.raw`"a\"b\\c\$d\n"`, [String.raw`a"b\c$d\n`]],
  ['"a\nb" \'c\nd\'', ['a\nb', 'c\nd']],
  [`a "b`, null],
  [`a 'b`, null],
  ['a\\', null],
])('the words of a command line are those of a shell: %j', (text, words) => {
  expect(quotedWords(text)).toEqual(words);
});

test.each<[string, readonly string[] | null]>([
  [String.raw`a\x41\u0042\103\n\s\t`, ['aABC\n \t']],
  [String.raw`'a\'b' "c\"d" e\ f`, ["a'b", 'c"d', 'e f']],
  [String.raw`\a\b\f\r\v\z`, ['\u0007\b\f\r\vz']],
  ['a\\\nb "c\nd"', ['a\nb', 'c\nd']],
  [`'' x`, ['', 'x']],
  [`a "b`, null],
  ['a\\', null],
])('the words of a unit have the escapes of C: %j', (text, words) => {
  expect(unitWords(text)).toEqual(words);
});
