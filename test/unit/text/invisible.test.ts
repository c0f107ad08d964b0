import { codePointName, invisibleAt, madeVisible } from '../../../src/text/invisible.ts';

test('the first letter that nobody sees is found', () => {
  expect(
    ['plain text\twith\r\nlines', 'a\u200bb\u200b', '\ufeffname', 'a\u00a0b', 'x\u0007', 'braille\u2800'].map(
      invisibleAt,
    ),
  ).toEqual([-1, 1, 0, 1, 1, 7]);
});

test('a selector that only changes the letter before it is no invisible letter', () => {
  expect(invisibleAt('❤\ufe0f')).toBe(-1);
});

test('an invisible character is named by its number, and by its name if we have one', () => {
  expect([codePointName('a\u200b', 1), codePointName('\u0007'), codePointName('\u{e0001}x')]).toEqual([
    'U+200B (zero-width space)',
    'U+0007',
    'U+E0001',
  ]);
  expect(codePointName('', 0)).toBe('U+0000');
});

test('every invisible letter of a text is written by its number', () => {
  expect(madeVisible('a\u200bb\u{e0001}\u00a0c d')).toBe(String.raw`a\u{200b}b\u{e0001}\u{a0}c d`);
});
