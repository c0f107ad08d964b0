import { jest } from '@jest/globals';
import { givenEnvironment, understandZone } from '../../src/time-zone.ts';

const SUMMER = Date.UTC(2026, 6, 1);
const zone = process.env['TZ'];
/** Its clocks are of no whole hours. */
const ZONE = 'Asia/Kathmandu';
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

/** The zone that a rule is replaced by, and what is said about it. */
function understood(given: string): readonly [string | undefined, string | null] {
  process.env['TZ'] = ZONE;
  const said = understandZone(SUMMER, given);
  return [process.env['TZ'], said];
}

/** What the clocks of a zone show at some moments of a year. */
const clocks = (timeZone: string): readonly string[] =>
  Array.from({ length: 24 }, (_, at) =>
    new Date(Date.UTC(2026, 0, 1) + at * 15 * 86_400_000).toLocaleString('en-GB', { timeZone }),
  );

test.each([
  ['CET-1CEST,M3.5.0,M10.5.0/3', 'Europe/Berlin'],
  ['EST5EDT,M3.2.0,M11.1.0', 'America/New_York'],
  ['AEST-10AEDT,M10.1.0,M4.1.0/3', 'Australia/Sydney'],
  ['XYZ3', 'Etc/GMT+3'],
  ['<+0530>-5:30', 'Asia/Kolkata'],
  ['UTC0', 'Etc/GMT+0'],
])('the rule %s is replaced by a zone whose clocks are those of %s', (given, same) => {
  const [name = '', said] = understood(given);
  expect([said, clocks(name)]).toEqual([null, clocks(same)]);
});

test('a rule with which the clocks agree already, and a name, are left', () => {
  expect([understood('<+0545>-5:45'), understood('Europe/Berlin'), understood(':Europe/Berlin')]).toEqual([
    [ZONE, null],
    [ZONE, null],
    [ZONE, null],
  ]);
});

test('a rule like that of no zone is told, with what to do', () => {
  expect(understood('ODD-1ODDS,M2.1.0,M5.1.0')).toEqual([
    ZONE,
    'the time zone TZ=ODD-1ODDS,M2.1.0,M5.1.0 is not understood, so the times of schedules and those that are ' +
      'shown are wrong: set TZ to the name of a zone, such as Europe/Berlin',
  ]);
});

test('a rule of whole hours without a summer is replaced by the zone of these hours', () => {
  expect(['XYZ3', 'XYZ-3', 'UTC0'].map((given) => understood(given)[0])).toEqual([
    'Etc/GMT+3',
    'Etc/GMT-3',
    'Etc/GMT+0',
  ]);
});

test('the name of no zone is told where the clocks are those of Greenwich for it', () => {
  const spy = jest.spyOn(Date.prototype, 'getTimezoneOffset').mockReturnValue(0);
  const isTold = (given: string): boolean => understood(given)[1] !== null;
  try {
    expect(['No/Zone', ':No/Zone', 'No:Zone'].map(isTold)).toEqual([true, true, true]);
    expect(['Europe/London', ':Europe/London', '', ':', '/etc/localtime'].map(isTold)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  } finally {
    spy.mockRestore();
  }
  expect(isTold('No/Zone')).toBe(false);
});

test('what jobs inherit is the zone that was given, not the one that replaced it', () => {
  process.env['TZ'] = 'Etc/GMT+3';
  expect(givenEnvironment()['TZ']).toBe(zone);
  expect(givenEnvironment()['PATH']).toBe(process.env['PATH']);
});
