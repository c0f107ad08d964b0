import { duration } from '../../../src/text/duration.ts';

test('a duration has its two largest units', () => {
  expect([0, 999, 45_000, 192_000, 3_600_000, 187_200_000].map(duration)).toEqual([
    '0s',
    '0s',
    '45s',
    '3m 12s',
    '1h',
    '2d 4h',
  ]);
});

test('each unit begins where the one before would have too many', () => {
  const edges = [1000, 59_999, 60_000, 61_000, 3_599_999, 3_600_000, 86_399_999, 86_400_000, 90_061_000];
  expect(edges.map(duration)).toEqual([
    '1s',
    '59s',
    '1m',
    '1m 1s',
    '59m 59s',
    '1h',
    '23h 59m',
    '1d',
    '1d 1h',
  ]);
});
