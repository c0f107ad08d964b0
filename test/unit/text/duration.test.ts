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
