import { clockWords } from '../../../../src/cli/render/clock-words.ts';

const NOW = new Date(2026, 10, 29, 14, 20, 29);

test.each([
  ['a moment ago', new Date(2026, 10, 29, 14, 20, 9), '14:20:09'],
  ['early today', new Date(2026, 10, 29, 0, 0, 0), '00:00:00'],
  ['late yesterday', new Date(2026, 10, 28, 23, 59, 59), '2026-11-28 23:59:59'],
  ['early tomorrow', new Date(2026, 10, 30, 0, 0, 0), '2026-11-30 00:00:00'],
  ['a month ago, on the same day', new Date(2026, 9, 29, 14, 20, 29), '2026-10-29 14:20:29'],
  ['a year ago, on the same day', new Date(2025, 10, 29, 14, 20, 29), '2025-11-29 14:20:29'],
  ['a week ago, on the same weekday', new Date(2026, 10, 22, 14, 20, 29), '2026-11-22 14:20:29'],
])('a time %s has its date where that is not today’s', (_, time, words) => {
  expect(clockWords(time.toISOString(), NOW.getTime())).toBe(words);
});
