import { parseSchedule } from '../../../../src/config/values/schedule.ts';
import { cronOfCalendar } from '../../../../src/exchange/syntax/calendar.ts';

test.each([
  ['Minutely', '* * * * *'],
  ['hourly', '0 * * * *'],
  [' daily ', '0 0 * * *'],
  ['weekly', '0 0 * * 1'],
  ['monthly', '0 0 1 * *'],
  ['yearly', '0 0 1 1 *'],
  ['quarterly', '0 0 1 1,4,7,10 *'],
  ['semiannually', '0 0 1 1,7 *'],
  ['*-*-* 03:05:00', '5 3 * * *'],
  ['03:05', '5 3 * * *'],
  ['*:0/15', '*/15 * * * *'],
  ['*:5/15', '5-59/15 * * * *'],
  ['8..18/2:30', '30 8-18/2 * * *'],
  ['8..18:00,30', '0,30 8-18 * * *'],
  ['*/2:00:00.000', '0 */2 * * *'],
  ['*-01-02', '0 0 2 1 *'],
  ['01-02 04:00', '0 4 2 1 *'],
  ['*-*-1/5', '0 0 */5 * *'],
  ['*-*-2/5', '0 0 2-31/5 * *'],
  ['*-3/4-1', '0 0 1 3-12/4 *'],
  ['Mon', '0 0 * * 1'],
  ['Mon,Sun 10:00', '0 10 * * 1,0'],
  ['Mon..Fri *-*-* 10:00', '0 10 * * 1-5'],
  ['Friday..Sunday 10:00', '0 10 * * 5-7'],
])('a calendar of systemd is a schedule of cron: %s', (calendar, cron) => {
  expect(cronOfCalendar(calendar)).toBe(cron);
  expect(parseSchedule(cron).ok).toBe(true);
});

test.each([
  '2030-01-01 00:00',
  '2030-01-01',
  '*-*~01',
  '10:00:30',
  '10:00:00/10',
  '*-*-* 10:00 UTC',
  '*-*-* 10',
  'Mon *-*-13 10:00',
  'Foo 10:00',
  'Monx..Foo 10:00',
  'Foo..Mon 10:00',
  'a:b',
  '*-x-1',
  '1-2-3-4',
  '*-1-2-3',
])('what cron cannot say of a calendar is said of none: %j', (calendar) => {
  expect(cronOfCalendar(calendar)).toBeNull();
});
