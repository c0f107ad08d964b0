import { mergedCron } from '../../../../src/exchange/syntax/merged-cron.ts';

test.each<[readonly string[], string | null]>([
  [[], null],
  [['5 4 * * *'], '5 4 * * *'],
  [['5 4 * * *', '5 4 * * *'], '5 4 * * *'],
  [['5 4 * * *', '5 6 * * *'], '5 4,6 * * *'],
  [['5 4 * * *', '5 6 * * *', '7 4 * * *'], null],
  [['5 4 * * *', '5 6 * * *', '7 4 * * *', '7 6 * * *'], '5,7 4,6 * * *'],
  [['5 4 * * *', '5 * * * *'], null],
  [['5 4 1 * *', '5 4 * * 1'], '5 4 1 * 1'],
  [['5 4 1 * *', '5 4 2 * *', '5 4 * * 1'], '5 4 1,2 * 1'],
  [['5 4 1 * *', '6 4 * * 1'], null],
  [['5 4 1 2 *', '5 4 * * 1'], null],
  [['5 4 * 2 *', '5 4 * * 1'], null],
  // Every day and Mondays are every day, which no weekday says.
  [['5 4 * * *', '5 4 * * 1'], null],
  [['5 4 1 * *', '5 4 2 * 1'], null],
])('several times are one schedule where one can say them all: %j', (crons, merged) => {
  expect(mergedCron(crons)).toBe(merged);
});
