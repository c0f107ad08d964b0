const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const SHORTHANDS: Readonly<Record<string, string>> = {
  minutely: '* * * * *',
  hourly: '0 * * * *',
  daily: '0 0 * * *',
  weekly: '0 0 * * 1',
  monthly: '0 0 1 * *',
  yearly: '0 0 1 1 *',
  annually: '0 0 1 1 *',
  quarterly: '0 0 1 1,4,7,10 *',
  semiannually: '0 0 1 1,7 *',
};

/**
 * A calendar expression of systemd as five fields of cron; null for what cron cannot say (years, seconds,
 * time zones, last days).
 */
export function cronOfCalendar(text: string): string | null {
  const trimmed = text.trim().toLowerCase();
  const short = SHORTHANDS[trimmed];
  if (short !== undefined) return short;
  const [, days = '', rest = ''] = /^((?:mon|tue|wed|thu|fri|sat|sun)[a-z.,]*)?\s*(.*)$/.exec(trimmed) ?? [];
  const [, date = '', time = ''] = /^((?:[^\s:]+-)+[^\s:]+)?\s*([^\s]*)$/.exec(rest) ?? [rest, '?', '?'];
  const weekday = days === '' ? '*' : daysOf(days);
  const dateFields = date === '' ? ['*', '*'] : dateOf(date);
  const timeFields = time === '' ? ['0', '0'] : timeOf(time);
  if (weekday === null || dateFields === null || timeFields === null) return null;
  const [month = '*', day = '*'] = dateFields;
  // cron takes either where both are given, systemd wants both.
  if (weekday !== '*' && day !== '*') return null;
  return [...timeFields, day, month, weekday].join(' ');
}

function daysOf(text: string): string | null {
  const numbers = text.split(',').map((part) => {
    const [from = '', to] = part.split('..').map((day) => day.slice(0, 3));
    const [first, last] = [DAYS.indexOf(from) + 1, to === undefined ? null : DAYS.indexOf(to) + 1];
    return first === 0 || last === 0 ? null : last === null ? String(first % 7) : `${first}-${last}`;
  });
  return numbers.includes(null) ? null : numbers.join(',');
}

function dateOf(text: string): readonly string[] | null {
  const parts = text.split('-');
  const [year, month, day, more] = parts.length === 2 ? ['*', ...parts] : parts;
  if (year !== '*' || month === undefined || day === undefined || more !== undefined) return null;
  return listed([month, day], 1, [12, 31]);
}

function timeOf(text: string): readonly string[] | null {
  const [hour = '', minute, second = '00'] = text.split(':');
  if (minute === undefined || !/^0+(\.0+)?$/.test(second)) return null;
  const fields = listed([hour, minute], 0, [23, 59]);
  return fields === null ? null : [fields[1] ?? '', fields[0] ?? ''];
}

/** `1,2`, `1..5`, `0/15`, `*` as cron has them. */
function listed(fields: readonly string[], least: number, most: readonly number[]): readonly string[] | null {
  const read = fields.map((field, index) =>
    field.split(',').map((part) => {
      const [, from = '', to, step] = /^(\*|\d+)(?:\.\.(\d+))?(?:\/(\d+))?$/.exec(part) ?? [];
      if (from === '') return null;
      if (from === '*') return step === undefined ? '*' : `*/${Number(step)}`;
      const first = Number(from);
      if (to !== undefined) return `${first}-${Number(to)}${step === undefined ? '' : `/${Number(step)}`}`;
      if (step === undefined) return String(first);
      return first === least ? `*/${Number(step)}` : `${first}-${most[index]}/${Number(step)}`;
    }),
  );
  return read.some((each) => each.includes(null)) ? null : read.map((each) => each.join(','));
}
