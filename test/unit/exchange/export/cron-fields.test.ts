import { parseAllDocuments } from 'yaml';
import { cronOf } from '../../../../src/exchange/export/cron-fields.ts';
import type { ExportFormat } from '../../../../src/exchange/format-names.ts';
import { exportOf, linesOf } from '../../../support/exchange/export-of.ts';

const exported = (format: ExportFormat, schedule: string) => exportOf(format, { tick: { schedule } });
const textOf = (format: ExportFormat, schedule: string): string =>
  exported(format, schedule).files[0]?.text ?? '';

test.each<[string, readonly string[]]>([
  ['0 3 * * 0', ['Sun *-*-* 03:00:00']],
  ['0 3 * * 7', ['Sun *-*-* 03:00:00']],
  ['0 3 * * 0,7', ['Sun *-*-* 03:00:00']],
  ['0 3 * * 5-7', ['Sun,Fri,Sat *-*-* 03:00:00']],
  ['0 3 * * Sun', ['Sun *-*-* 03:00:00']],
  ['0 3 * * mon-fri', ['Mon,Tue,Wed,Thu,Fri *-*-* 03:00:00']],
  ['0 3 * * */2', ['Sun,Tue,Thu,Sat *-*-* 03:00:00']],
  ['@weekly', ['Sun *-*-* 00:00:00']],
  ['0 3 1 * 7', ['*-*-01 03:00:00', 'Sun *-*-* 03:00:00']],
  ['*/20 9-17/4 1,15 jan,dec *', ['*-01,12-01,15 09,13,17:00,20,40:00']],
])('the systemd timer for "%s" is due at %j', (schedule, calendars) => {
  expect(linesOf(exported('systemd', schedule), 'tick.timer', 'OnCalendar')).toEqual(
    calendars.map((each) => `OnCalendar=${each}`),
  );
});

test.each([
  ['0 3 * * 7', '0 3 * * 0'],
  ['0 3 * * 5-7', '0 3 * * 0,5,6'],
  ['0 3 * * 1-5', '0 3 * * 1-5'],
  ['7,17 7 7 7 *', '7,17 7 7 7 *'],
  ['every 20m', '*/20 * * * *'],
])('Kubernetes and Nomad, to which Sunday is 0 alone, get "%s" as "%s"', (schedule, written) => {
  expect(cronOf(schedule)).toBe(written);
  const [kubernetes] = parseAllDocuments(textOf('kubernetes', schedule)).map(
    (each) => each.toJS() as unknown,
  );
  expect(kubernetes).toMatchObject({ spec: { schedule: written } });
  expect(JSON.parse(textOf('nomad-json', schedule))).toMatchObject({
    Job: { Periodic: { Specs: [written] } },
  });
});

test.each([['0 3 * * 7'], ['0 3 * * 0,7'], ['0 3 * * sun']])(
  'launchd gets "%s" as one time a week',
  (schedule) => {
    const integers = [
      ...textOf('launchd', schedule).matchAll(/<key>(\w+)<\/key>\s*<integer>(\d+)<\/integer>/g),
    ];
    expect(integers.map(([, key, number]) => `${key} ${number}`)).toEqual(
      expect.arrayContaining(['Minute 0', 'Hour 3', 'Weekday 0']),
    );
    expect(textOf('launchd', schedule).match(/<key>Weekday<\/key>/g)).toHaveLength(1);
  },
);

test.each([
  ['every 1m', '* * * * *'],
  ['every 60s', '* * * * *'],
  ['every 30m', '*/30 * * * *'],
  ['every 1h', '0 */1 * * *'],
  ['every 1h30m', null],
  ['every 90m', null],
  ['every 6h', '0 */6 * * *'],
  ['every 5h', null],
  ['every 24h', '0 0 * * *'],
  ['every 1d', '0 0 * * *'],
  ['every 2d', null],
  ['every 45s', null],
  ['every 7m', null],
  ['@hourly', '0 * * * *'],
  ['@Daily', '0 0 * * *'],
  ['@monthly', '0 0 1 * *'],
  ['@annually', '0 0 1 1 *'],
  ['0 0 L * *', null],
  ['0 0 * * 5#2', null],
  ['0 0 1-7/2 * 0-6', '0 0 1-7/2 * 0-6'],
])('a schedule is plain cron where that can say it: %s', (schedule, cron) => {
  expect(cronOf(schedule)).toBe(cron);
});
