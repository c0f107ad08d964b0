import { Cron } from 'croner';
import { durationMs, MAX_DURATION_MS } from './duration.ts';
import { parsed, refused, type Parsed } from '../result.ts';

const MIN_EVERY_MS = 1000;

/** When a job runs: at an interval in milliseconds, or at the times of a cron expression. */
export type Schedule =
  | { readonly kind: 'every'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly cron: Cron };

const FIELDS = [
  { name: 'minute', range: '0-59' },
  { name: 'hour', range: '0-23' },
  { name: 'day of the month', range: '1-31' },
  { name: 'month', range: '1-12 or jan-dec' },
  { name: 'weekday', range: '0-7 or sun-sat' },
] as const;

const NICKNAMES = ['@hourly', '@daily', '@midnight', '@weekly', '@monthly', '@yearly', '@annually'];

/**
 * Reads `every 10m`, five cron fields or a nickname such as `@daily`. Their times are those of `timeZone`,
 * else of this machine.
 */
export function parseSchedule(text: string, timeZone?: string): Parsed<Schedule> {
  const words = text.trim().split(/\s+/);
  if (words[0] === 'every') return readEvery(words.slice(1).join(' '));
  if (words.length === 1 && text.trim().startsWith('@'))
    return readNickname(text.trim().toLowerCase(), timeZone);
  return readCron(words, timeZone);
}

/** The first time after `after`, both in milliseconds since 1970; null when no further time exists. */
export function nextTime(schedule: Schedule, after: number): number | null {
  if (schedule.kind === 'every') return after + schedule.everyMs;
  return schedule.cron.nextRun(new Date(after))?.getTime() ?? null;
}

function readEvery(text: string): Parsed<Schedule> {
  const everyMs = durationMs(text);
  if (everyMs === null) return refused('expected "every" and a time such as 10m, 90s, 1h30m or 1d');
  if (everyMs < MIN_EVERY_MS || everyMs > MAX_DURATION_MS)
    return refused('expected a time from 1s to 24d after "every"');
  return parsed({ kind: 'every', everyMs });
}

function readNickname(name: string, timeZone: string | undefined): Parsed<Schedule> {
  const cron = NICKNAMES.includes(name) ? cronOf(name, timeZone) : null;
  return cron === null ? refused(`expected one of ${NICKNAMES.join(', ')}`) : parsed({ kind: 'cron', cron });
}

function readCron(words: readonly string[], timeZone: string | undefined): Parsed<Schedule> {
  if (words.length !== FIELDS.length)
    return refused('expected "every 10m" or five cron fields (minute hour day month weekday)');
  const cron = cronOf(words.join(' '), timeZone);
  if (cron === null) return refused(wrongField(words));
  return cron.nextRun() === null
    ? refused('no month of these has such a day, so it would never run')
    : parsed({ kind: 'cron', cron });
}

/** Each word alone among asterisks, so that the wrong one is found. */
function wrongField(words: readonly string[]): string {
  const wrong = FIELDS.findIndex(
    (_, index) => cronOf(FIELDS.map((_field, at) => (at === index ? words[at] : '*')).join(' ')) === null,
  );
  const { name, range } = FIELDS[wrong] ?? { name: 'part of a cron expression', range: 'numbers' };
  return (
    `${JSON.stringify(words[wrong] ?? words.join(' '))} is no ${name}: expected ${range}, a list, a ` +
    'range or */n'
  );
}

/**
 * Null for an invalid cron expression. If both day of month and weekday are restricted, either is enough, as
 * in cron.
 */
function cronOf(pattern: string, timeZone?: string): Cron | null {
  try {
    return new Cron(pattern, {
      mode: '5-part',
      fixedTimeRule: 'no-wildcard',
      ...(timeZone !== undefined && { timezone: timeZone }),
    });
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return null;
    throw error;
  }
}
