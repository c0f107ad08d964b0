import { CronExpressionParser } from 'cron-parser';
import fc from 'fast-check';
import { nextTime, parseSchedule } from '../../../../src/config/values/schedule.ts';

/** How many next times are compared for each expression. */
const TIMES = 4;

function field(least: number, most: number): fc.Arbitrary<string> {
  const number = fc.integer({ min: least, max: most });
  const range = fc.tuple(number, number).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.integer({ min: 1, max: most });
  return fc.oneof(
    { arbitrary: fc.constant('*'), weight: 3 },
    number.map(String),
    range,
    step.map((every) => `*/${every}`),
    fc.tuple(range, step).map(([each, every]) => `${each}/${every}`),
    fc.uniqueArray(number, { minLength: 1, maxLength: 3 }).map((all) => all.join()),
  );
}

const expression = fc
  .tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6))
  .map((fields) => fields.join(' '));

const moment = fc.date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });

function ours(text: string, from: number, zone: string): readonly string[] {
  const schedule = parseSchedule(text, zone);
  if (!schedule.ok) return [schedule.message];
  const times: string[] = [];
  for (let at: number | null = from; times.length < TIMES;) {
    at = nextTime(schedule.value, at);
    if (at === null) break;
    times.push(new Date(at).toISOString());
  }
  return times;
}

function theirs(text: string, from: number, zone: string): readonly string[] {
  const cron = CronExpressionParser.parse(text, { currentDate: new Date(from), tz: zone });
  return Array.from({ length: TIMES }, () => cron.next().toDate().toISOString());
}

test.each(['UTC', 'Asia/Kolkata'])(
  'a cron expression means the times that another library finds: %s',
  (zone) => {
    fc.assert(
      fc.property(expression, moment, (text, date) => {
        const from = date.getTime();
        expect([text, date, ours(text, from, zone)]).toEqual([text, date, theirs(text, from, zone)]);
      }),
      { numRuns: 200 },
    );
  },
);
