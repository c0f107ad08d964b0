const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const NICKNAMES: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

/** Whether its fields are numbers, names, lists, ranges and steps alone, which every other tool knows. */
export const isPlainSchedule = (schedule: string): boolean =>
  everySeconds(schedule) !== null || (cronFields(schedule) ?? []).every((field) => /^[\d*,/-]+$/.test(field));

/** The five fields of a cron expression with numbers alone; null for "every 10m". */
export function cronFields(schedule: string): readonly string[] | null {
  if (/^every\b/.test(schedule.trim())) return null;
  const text = NICKNAMES[schedule.trim().toLowerCase()] ?? schedule.trim();
  return text
    .toLowerCase()
    .split(/\s+/)
    .map((field, index) => {
      const names = index === 3 ? MONTHS : index === 4 ? DAYS : [];
      return field.replace(/[a-z]{3}/g, (name) =>
        names.includes(name) ? String(names.indexOf(name) + (index === 3 ? 1 : 0)) : name,
      );
    });
}

/** `every 1h30m` in seconds; null for a cron expression. */
export function everySeconds(schedule: string): number | null {
  const [, text = ''] = /^every\s+(.*)$/.exec(schedule.trim()) ?? [];
  const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|[smhd])/g)];
  return text === ''
    ? null
    : parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (units[unit] ?? 0), 0);
}

const RANGES = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/** All numbers that a field means; null for `*`. */
export function numbersOf(field: string, index: number): readonly number[] | null {
  if (field === '*') return null;
  const [least, most] = RANGES[index] ?? [0, 59];
  const found = field.split(',').flatMap((part) => {
    const [, range = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [from, to] = range === '*' ? [least, index === 4 ? 6 : most] : range.split('-').map(Number);
    const last = to ?? (step === undefined ? (from ?? 0) : most);
    const all = Array.from({ length: last - (from ?? 0) + 1 }, (_, at) => (from ?? 0) + at);
    return all.filter((_, at) => at % Number(step ?? 1) === 0);
  });
  const days = index === 4 ? found.map((each) => each % 7) : found;
  return [...new Set(days)].sort((one, other) => one - other);
}

/** A schedule as plain cron fields; null where they cannot say it, such as `every 7m`. */
export function cronOf(schedule: string): string | null {
  const seconds = everySeconds(schedule);
  if (seconds === null) {
    const fields = cronFields(schedule) ?? [];
    if (!isPlainSchedule(schedule)) return null;
    // To some, Sunday is 0 alone.
    return fields
      .map((field, index) =>
        index === 4 && field.includes('7') ? (numbersOf(field, index)?.join(',') ?? '*') : field,
      )
      .join(' ');
  }
  const minutes = seconds / 60;
  if (Number.isInteger(minutes) && minutes < 60 && 60 % minutes === 0)
    return minutes === 1 ? '* * * * *' : `*/${minutes} * * * *`;
  const hours = minutes / 60;
  return Number.isInteger(hours) && hours <= 24 && 24 % hours === 0
    ? hours === 24
      ? '0 0 * * *'
      : `0 */${hours} * * *`
    : null;
}
