import { plainText, rowsOfLine } from '../../../src/cli/top/log-rows.ts';
import { piecesOf } from '../../../src/cli/web/page/ansi.ts';
import { isStyle, SEQUENCE } from '../../../src/text/terminal-sequences.ts';

const ESC = '\u001b';

/** What programs print all the time, besides their words. */
const OBEYED = [
  ['a colour', `${ESC}[31m`],
  ['no colour', `${ESC}[m`],
  ['a colour of 256', `${ESC}[38;5;200m`],
  ['a curly underline', `${ESC}[4:3m`],
  ['the end of a line', `${ESC}[K`],
  ['a hidden cursor', `${ESC}[?25l`],
  ['a cursor of another shape', `${ESC}[4 q`],
  ['pasting with marks', `${ESC}[?2004h`],
  ['keys with modes', `${ESC}[>4;2m`],
  ['a title', `${ESC}]0;make all\u0007`],
  ['a link', `${ESC}]8;;https://example.org/?a=1;b${ESC}\\`],
  ['a title without its end', `${ESC}]2;cut`],
  ['a string for the device', `${ESC}P1$r0m${ESC}\\`],
  ['a set of letters, as tput sgr0 has it', `${ESC}(B`],
  ['a kept cursor', `${ESC}7`],
  ['a keypad', `${ESC}=`],
  ['a reset', `${ESC}c`],
  ['a line back', `${ESC}M`],
] as const;

test.each(OBEYED)('%s is one sequence, and nothing of it is shown in top or on the page', (_, sequence) => {
  expect([...`a${sequence}`.matchAll(SEQUENCE)].map(([found]) => found)).toEqual([sequence]);
  const isOpen = sequence.endsWith('cut');
  const line = `a${sequence}${isOpen ? '' : 'b'}`;
  const shown = isOpen ? 'a' : 'ab';
  expect(plainText(line)).toBe(shown);
  expect(rowsOfLine(line, 80, false)).toEqual([shown]);
  expect(
    piecesOf(line)
      .map(({ text }) => text)
      .join(''),
  ).toBe(shown);
  expect(rowsOfLine(line, 80, true).map(plainText)).toEqual([shown]);
});

test('colours and styles are told from every other sequence', () => {
  const styles = OBEYED.filter(([, sequence]) => isStyle(sequence)).map(([name]) => name);
  expect(styles).toEqual(['a colour', 'no colour', 'a colour of 256', 'a curly underline']);
});

test('a link leaves its words, and text beside a sequence stays', () => {
  const link = `${ESC}]8;;https://example.org${ESC}\\docs${ESC}]8;;${ESC}\\ [1] (B)`;
  expect([
    plainText(link),
    piecesOf(link)
      .map(({ text }) => text)
      .join(''),
  ]).toEqual(Array(2).fill('docs [1] (B)'));
});
