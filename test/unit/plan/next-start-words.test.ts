import { nextStartInWords } from '../../../src/plan/next-start-words.ts';

test.each([
  [0, 'next start at once'],
  [49, 'next start at once'],
  [51, 'next start in 0.1 s'],
  [400, 'next start in 0.4 s'],
  [30_000, 'next start in 30.0 s'],
])('a wait of %i ms is worded "%s"', (inMs, words) => {
  expect(nextStartInWords(inMs)).toBe(words);
});
