/**
 * A time zone as POSIX writes it in TZ: `CET-1CEST,M3.5.0,M10.5.0/3`. Offsets are minutes east of Greenwich.
 */
export interface PosixZone {
  readonly standard: number;
  readonly summer: { readonly offset: number; readonly from: DayRule; readonly until: DayRule } | null;
}

/** A day of each year, and seconds after its midnight. */
type DayRule =
  | {
      readonly kind: 'weekday';
      readonly month: number;
      readonly week: number;
      readonly day: number;
      readonly at: number;
    }
  | { readonly kind: 'day'; readonly day: number; readonly countsLeapDay: boolean; readonly at: number };

const NAME = '(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)';
const OFFSET = '[+-]?\\d{1,3}(?::\\d{1,2}){0,2}';
const RULE = `(?:M\\d{1,2}\\.\\d\\.\\d|J?\\d{1,3})(?:/${OFFSET})?`;
const RULES = `(?:,(?<from>${RULE}),(?<until>${RULE}))?`;
const ZONE = new RegExp(`^:?${NAME}(?<standard>${OFFSET})(?:${NAME}(?<summer>${OFFSET})?${RULES})?$`);
const HAS_SUMMER = new RegExp(`^:?${NAME}${OFFSET}${NAME}`);
/** The C library's defaults when the rule is missing. */
const USUAL = { from: 'M3.2.0', until: 'M11.1.0' };
const CHANGE_AT = 2 * 3600;
const DAY_MS = 86_400_000;

/** Null for text that is no POSIX rule, such as the name of a zone. */
export function parsePosixZone(text: string): PosixZone | null {
  const groups = ZONE.exec(text)?.groups;
  if (groups?.['standard'] === undefined) return null;
  const standard = eastOf(groups['standard']);
  if (!HAS_SUMMER.test(text)) return { standard, summer: null };
  const offset = groups['summer'] === undefined ? standard + 60 : eastOf(groups['summer']);
  const [from, until] = [ruleOf(groups['from'] ?? USUAL.from), ruleOf(groups['until'] ?? USUAL.until)];
  return { standard, summer: { offset, from, until } };
}

/** The offset from UTC at a given time, in minutes to the east. */
export function offsetIn({ standard, summer }: PosixZone, at: number): number {
  if (summer === null) return standard;
  const year = new Date(at + standard * 60_000).getUTCFullYear();
  const from = dayIn(summer.from, year) - standard * 60_000;
  const until = dayIn(summer.until, year) - summer.offset * 60_000;
  const isSummer = from < until ? at >= from && at < until : at >= from || at < until;
  return isSummer ? summer.offset : standard;
}

/** The times at which its clocks change in this year and the next. */
export function changesIn({ standard, summer }: PosixZone, at: number): readonly number[] {
  if (summer === null) return [];
  const year = new Date(at).getUTCFullYear();
  return [year, year + 1].flatMap((each) => [
    dayIn(summer.from, each) - standard * 60_000,
    dayIn(summer.until, each) - summer.offset * 60_000,
  ]);
}

/** POSIX counts hours west of Greenwich. */
const eastOf = (text: string): number => 0 - secondsOf(text) / 60;

function secondsOf(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[+-]/, '').split(':').map(Number);
  return (text.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds);
}

function ruleOf(text: string): DayRule {
  const [day = '', time] = text.split('/');
  const at = time === undefined ? CHANGE_AT : secondsOf(time);
  if (!day.startsWith('M'))
    return { kind: 'day', day: Number(day.replace('J', '')), countsLeapDay: !day.startsWith('J'), at };
  const [month = 1, week = 1, weekday = 0] = day.slice(1).split('.').map(Number);
  return { kind: 'weekday', month, week, day: weekday, at };
}

/** In milliseconds since 1970, as if local time were UTC. */
function dayIn(rule: DayRule, year: number): number {
  const midnight = rule.kind === 'day' ? numberedDay(rule, year) : nthWeekday(rule, year);
  return midnight + rule.at * 1000;
}

/** `J60` is 1 March in every year; plain 60 counts from 0, and 29 February with it. */
function numberedDay({ day, countsLeapDay }: DayRule & { kind: 'day' }, year: number): number {
  if (countsLeapDay) return Date.UTC(year, 0, 1) + day * DAY_MS;
  const isAfterLeapDay = day >= 60 && new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
  return Date.UTC(year, 0, 1) + (day - 1 + Number(isAfterLeapDay)) * DAY_MS;
}

function nthWeekday({ month, week, day }: DayRule & { kind: 'weekday' }, year: number): number {
  const first = Date.UTC(year, month - 1, 1);
  const toFirst = (day - new Date(first).getUTCDay() + 7) % 7;
  const found = first + (toFirst + (week - 1) * 7) * DAY_MS;
  // Week 5 means the last week of the month.
  return found >= Date.UTC(year, month, 1) ? found - 7 * DAY_MS : found;
}
