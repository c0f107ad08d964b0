import { durationMs, MAX_DURATION_MS } from './duration.ts';
import { parsed, refused, type Parsed } from './parsed.ts';

const MIN_EVERY_MS = 1000;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** When a job runs. The lists are sorted; months count from 1, and Sunday is weekday 0. */
export type Schedule = { readonly kind: 'every'; readonly everyMs: number } | Cron;

export interface Cron {
  readonly kind: 'cron';
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[];
  readonly months: readonly number[];
  readonly weekdays: readonly number[];
  /** Both days and weekdays are restricted: then either is enough, as cron has it. */
  readonly eitherDay: boolean;
}

const FIELDS = [
  { name: 'minute', min: 0, max: 59, names: [] },
  { name: 'hour', min: 0, max: 23, names: [] },
  { name: 'day of the month', min: 1, max: 31, names: [] },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'weekday', min: 0, max: 7, names: DAYS },
] as const;

const NICKNAMES: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

/** Reads `every 10m`, five cron fields or a nickname such as `@daily`. */
export function parseSchedule(text: string): Parsed<Schedule> {
  const words = text.trim().split(/\s+/);
  if (words[0] === 'every') return readEvery(words.slice(1).join(' '));
  if (words.length === 1 && text.trim().startsWith('@')) return readNickname(text.trim());
  return readCron(words);
}

function readEvery(text: string): Parsed<Schedule> {
  const everyMs = durationMs(text);
  if (everyMs === null) return refused('expected "every" and a time such as 10m, 90s, 1h30m or 1d');
  if (everyMs < MIN_EVERY_MS || everyMs > MAX_DURATION_MS) return refused('expected a time from 1s to 24d after "every"');
  return parsed({ kind: 'every', everyMs });
}

function readNickname(text: string): Parsed<Schedule> {
  const fields = NICKNAMES[text.toLowerCase()];
  if (fields === undefined) return refused(`expected one of ${Object.keys(NICKNAMES).join(', ')}`);
  return readCron(fields.split(' '));
}

function readCron(words: readonly string[]): Parsed<Schedule> {
  if (words.length !== FIELDS.length) {
    return refused('expected "every 10m" or five cron fields (minute hour day month weekday)');
  }
  const lists: (readonly number[])[] = [];
  for (const [index, field] of FIELDS.entries()) {
    const list = readField(words[index] ?? '', field);
    if (!list.ok) return list;
    lists.push(list.value);
  }
  const [minutes = [], hours = [], days = [], months = [], weekdays = []] = lists;
  const eitherDay = !words[2]?.startsWith('*') && !words[4]?.startsWith('*');
  const cron: Cron = { kind: 'cron', minutes, hours, days, months, weekdays, eitherDay };
  return everComes(cron) ? parsed(cron) : refused('no month of these has such a day, so it would never run');
}

type Field = (typeof FIELDS)[number];

/** `1,10-20/2,mon` as the sorted numbers that it means. */
function readField(text: string, field: Field): Parsed<readonly number[]> {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const range = readRange(part, field);
    if (range === null) return refused(`${JSON.stringify(part)} is no ${field.name}: expected ${fieldWords(field)}`);
    for (let value = range.from; value <= range.to; value += range.step) {
      found.add(field.name === 'weekday' ? value % DAYS.length : value);
    }
  }
  return parsed([...found].toSorted((a, b) => a - b));
}

function readRange(text: string, field: Field): { from: number; to: number; step: number } | null {
  const match = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(text);
  if (match === null) return null;
  const [, first, last, every] = match;
  const from = first === undefined ? field.min : readNumber(first, field);
  const open = first === undefined || (last === undefined && every !== undefined);
  const to = open ? field.max : readNumber(last ?? first, field);
  const step = every === undefined ? 1 : Number(every);
  return from === null || to === null || from > to || step < 1 ? null : { from, to, step };
}

function readNumber(word: string, field: Field): number | null {
  const named = (field.names as readonly string[]).indexOf(word.toLowerCase());
  if (named >= 0) return named + field.min;
  const value = /^\d+$/.test(word) ? Number(word) : NaN;
  return value >= field.min && value <= field.max ? value : null;
}

function fieldWords({ min, max, names }: Field): string {
  const words = names.length === 0 ? '' : ` or ${names[0]}-${names.at(-1)}`;
  return `${min}-${max}${words}, a list, a range or */n`;
}

function everComes({ days, months, eitherDay }: Cron): boolean {
  return eitherDay || months.some((month) => days.some((day) => day <= (LONGEST[month - 1] ?? 0)));
}
