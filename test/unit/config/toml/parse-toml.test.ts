import { jest } from '@jest/globals';
import parser from 'toml/lib/parser.js';
import { complaints } from '../../../support/config-files.ts';

test.each([
  ['a', '1:2: unexpected end of file: expected an equals sign after the key'],
  ['a: 1', '1:2: unexpected ":": expected an equals sign after the key'],
  ['a = \n', '1:5: unexpected end of line: expected a value after the equals sign'],
  ['a = True', '1:5: unexpected "True": expected a value: write true'],
  ['a = node x', '1:5: unexpected "node": expected a value: write text in quotes'],
  ['a = “x”', '1:5: unexpected "“": expected a value: write straight quotes, "…"'],
  ['a = "x\r\n', '1:7: unexpected end of line: expected the quote that closes the string'],
  ['a = """x', '1:9: unexpected end of file: expected the three quotes that close the string'],
  ['a = "\u0001"', '1:6: unexpected character U+0001: expected it to be escaped in a string, as \\uXXXX'],
  ['a = "\\q"', '1:6: invalid escape sequence: write \\\\ for a backslash, or use single quotes'],
  ['umask = 022', '1:9: a number must not begin with 0: write it as a string, in quotes'],
  ['a = 1 2', '1:7: unexpected "2": expected the end of the line, for there is one key on each'],
  ['a = [1\nb = 2', '2:1: unexpected "b": expected a comma, or ] at the end of the array'],
  ['a = { b = 1', '1:12: unexpected end of file: expected a comma, or } at the end of the table'],
  ['[[jobs]\n', '1:8: unexpected end of line: expected ] after the name of the table'],
  ['<<<<<<< HEAD', '1:1: unexpected "<": expected a key, a table such as [[jobs]], or a # comment'],
  ['a = 1\na = 2', '2:1: "a" is set twice: a key may stand once in its table'],
  ['[[jobs]]\n[jobs]', '2:1: jobs is already there: each job begins with [[jobs]], in two brackets'],
  ['[defaults]\n[defaults]', '2:1: a second [defaults]: one table is allowed'],
  ['a = 9007199254740993', '1:5: integer 9007199254740993 cannot be represented: it is too large'],
])('TOML that does not parse, %j, is explained in our words', (text, expected) => {
  expect(complaints(text)).toEqual([`a.toml:${expected}`]);
});

test('a text is parsed once, however many of its keys are unknown', () => {
  const parse = jest.spyOn(parser, 'parse');
  expect(complaints('[[jobs]]\nname = "a"\njob_command = "b"\nx = 1.0\ny = 2')).toHaveLength(2);
  expect(parse).toHaveBeenCalledTimes(1);
});
