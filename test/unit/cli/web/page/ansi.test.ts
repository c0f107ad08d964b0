import { piecesOf } from '../../../../../src/cli/web/page/ansi.ts';

const pieces = (line: string): readonly string[] =>
  piecesOf(line).map(({ text, style }) => `${text}|${style}`);

test('a line is cut at its colours, and what they mean is kept until it is changed', () => {
  expect(pieces('plain')).toEqual(['plain|']);
  expect(pieces('')).toEqual([]);
  expect(pieces('a\u001b[31mb\u001b[1mc\u001b[32md\u001b[39me\u001b[0mf')).toEqual([
    'a|',
    'b|red',
    'c|red bold',
    'd|bold green',
    'e|bold',
    'f|',
  ]);
  expect(pieces('\u001b[1;2;97mx\u001b[my')).toEqual(['x|bold dim white', 'y|']);
  expect(pieces('\u001b[30mk\u001b[37mw\u001b[90mg\u001b[38mx\u001b[89my\u001b[98mz')).toEqual([
    'k|black',
    'w|white',
    'g|black',
    'x|black',
    'y|black',
    'z|black',
  ]);
});

test('bold and dim end where the line says so, and their colour stays', () => {
  expect(pieces('\u001b[1;31ma\u001b[22mb\u001b[2mc\u001b[22;39md')).toEqual([
    'a|bold red',
    'b|red',
    'c|red dim',
    'd|',
  ]);
});

test('the numbers of a colour that the page does not have are no orders of their own', () => {
  expect(
    pieces('\u001b[31ma\u001b[38;5;32mb\u001b[1;48;2;1;2;34mc\u001b[58;5;2;34md\u001b[38;2;0;0;0me'),
  ).toEqual(['a|red', 'b|', 'c|bold', 'd|bold blue', 'e|bold']);
});

test('other orders to a terminal go, and an overwritten line is shown as it was last', () => {
  expect(pieces('a\u001b[2Jb\u001b7c\u0007d\te')).toEqual(['a|', 'b|', 'cd\te|']);
  expect(pieces('10 %\r50 %\r100 %\r\r')).toEqual(['100 %|']);
});
