import { clockText, dayText } from '../../../src/text/local-time.ts';

test('a day and a time have two digits for each part, in local time', () => {
  const early = new Date(2026, 0, 2, 3, 4, 5);
  const late = new Date(2026, 11, 31, 23, 59, 58);
  expect([early, late].map((time) => `${dayText(time)} ${clockText(time)}`)).toEqual([
    '2026-01-02 03:04:05',
    '2026-12-31 23:59:58',
  ]);
});
