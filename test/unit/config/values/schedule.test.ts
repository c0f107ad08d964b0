import { nextTime, parseSchedule } from '../../../../src/config/values/schedule.ts';

describe('schedules', () => {
  const from = Date.UTC(2026, 0, 1);

  const timesOf = (text: string): readonly string[] => {
    const schedule = parseSchedule(text, 'UTC');
    if (!schedule.ok) throw new Error(schedule.message);
    const first = nextTime(schedule.value, from) ?? 0;
    return [first, nextTime(schedule.value, first) ?? 0].map((time) =>
      new Date(time).toISOString().slice(0, 16),
    );
  };

  test.each([
    ['every 1h30m', ['2026-01-01T01:30', '2026-01-01T03:00']],
    ['every 90 s', ['2026-01-01T00:01', '2026-01-01T00:03']],
    ['5,1 */12 * jan-MAR mon', ['2026-01-05T00:01', '2026-01-05T00:05']],
    ['0 0 31 2 5-7', ['2026-02-01T00:00', '2026-02-06T00:00']],
    ['0 0 13 * fri', ['2026-01-02T00:00', '2026-01-09T00:00']],
    ['10-59/20 0 1 1 *', ['2026-01-01T00:10', '2026-01-01T00:30']],
    ['0 0 L * *', ['2026-01-31T00:00', '2026-02-28T00:00']],
    ['@weekly', ['2026-01-04T00:00', '2026-01-11T00:00']],
    ['0 0 29 2 *', ['2028-02-29T00:00', '2032-02-29T00:00']],
  ])('%s is understood', (text, expected) => {
    expect(timesOf(text)).toEqual(expected);
  });

  test.each([
    '',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '*/0 * * * *',
    '5-1 * * * *',
    '@reboot',
    '0 0 30 2 *',
    'every 0s',
    'every 25d',
    'every',
    '1, * * * *',
    '10/20 * * * *',
    '2026-01-01T00:00:00',
  ])('%j is refused', (text) => {
    expect(parseSchedule(text)).toMatchObject({ ok: false });
  });
});

describe('schedules and summer time', () => {
  const times = (text: string, after: string, count: number): readonly string[] => {
    const schedule = parseSchedule(text, 'Europe/Berlin');
    if (!schedule.ok) throw new Error(schedule.message);
    const found: string[] = [];
    for (let time = Date.parse(after); found.length < count;) {
      time = nextTime(schedule.value, time) ?? Infinity;
      found.push(new Date(time).toISOString().slice(5, 16));
    }
    return found;
  };

  test('a time that the clocks skip in spring is made up for right after it', () => {
    expect(times('30 2 * * *', '2026-03-28T12:00Z', 2)).toEqual(['03-29T01:00', '03-30T00:30']);
  });

  test('a time that comes twice in autumn counts once', () => {
    expect(times('30 2 * * *', '2026-10-24T12:00Z', 2)).toEqual(['10-25T00:30', '10-26T01:30']);
    expect(times('0,30 2 * * *', '2026-10-24T12:00Z', 3)).toEqual([
      '10-25T00:00',
      '10-25T00:30',
      '10-26T01:00',
    ]);
  });

  test('a job that runs every few minutes keeps its pace through both clock changes', () => {
    expect(times('*/30 * * * *', '2026-03-29T00:00Z', 4)).toEqual([
      '03-29T00:30',
      '03-29T01:00',
      '03-29T01:30',
      '03-29T02:00',
    ]);
    expect(times('*/30 * * * *', '2026-10-25T00:00Z', 4)).toEqual([
      '10-25T00:30',
      '10-25T01:00',
      '10-25T01:30',
      '10-25T02:00',
    ]);
  });
});
