import { displayWidth, fit, fitInside, pad } from '../../../src/text/display-width.ts';

test.each([
  ['web', 3],
  ['ウェブ', 6],
  ['é', 1],
  ['e\u0301', 1],
  ['🛒', 2],
  ['👨‍👩‍👧', 2],
  ['🇨🇭🇫🇷', 4],
  ['👍🏽', 2],
  ['❤️', 2],
  ['한국', 4],
  // Decomposed, as on a Mac.
  ['한국'.normalize('NFD'), 4],
  ['\u1161', 1],
  ['䷀', 2],
  ['㉈', 1],
  ['🏽', 2],
  ['…', 1],
])('%s takes %d columns', (text, columns) => {
  expect(displayWidth(text)).toBe(columns);
});

test('a cut text keeps whole characters and fits with its mark', () => {
  expect([fit('ウェブ', 5), fit('ウェブ', 6), fit('a👨‍👩‍👧b', 3), fit('abc', 1), fit('abc', 0)]).toEqual([
    'ウェ…',
    'ウェブ',
    'a…',
    '…',
    '',
  ]);
  expect([
    fitInside('worker-of-the-shop@2', 12),
    fitInside('ウェブサイト', 7),
    fitInside('abc', 2),
    fitInside('web', 3),
  ]).toEqual(['worker-o…p@2', 'ウェ…ト', 'a…', 'web']);
  expect(pad('ウェ', 6)).toBe('ウェ  ');
});
