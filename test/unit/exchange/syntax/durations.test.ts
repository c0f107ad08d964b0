import { everyText, secondsIn } from '../../../../src/exchange/syntax/durations.ts';

test.each<[string, number | null]>([
  ['90', 90],
  [' 1.5 ', 1.5],
  ['1min 30s', 90],
  ['1h30m', 5400],
  ['2 Hours', 7200],
  ['1500ms', 1.5],
  ['250us', 0],
  ['1w 1d', 691_200],
  // A month to systemd, where a small letter is a minute.
  ['1M', 2_629_800],
  ['1m', 60],
  ['', null],
  ['soon', null],
  ['5 parsecs', null],
  ['5s later', null],
  ['5s 3', null],
])('a time is read as other tools write it: %j', (text, seconds) => {
  expect(secondsIn(text)).toBe(seconds);
});

test.each([
  [1, 'every 1s'],
  [90, 'every 90s'],
  [120, 'every 2m'],
  [7200, 'every 2h'],
  [172_800, 'every 2d'],
  [0, 'every 0s'],
])('a time is written as a schedule has it: %s s', (seconds, text) => {
  expect(everyText(seconds)).toBe(text);
});
