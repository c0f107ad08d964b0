const UNIT_SECONDS: Readonly<Record<string, number>> = {
  us: 1e-6,
  usec: 1e-6,
  ms: 1e-3,
  msec: 1e-3,
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hr: 3600,
  hour: 3600,
  hours: 3600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
  w: 604_800,
  week: 604_800,
  weeks: 604_800,
  // As systemd counts them.
  month: 2_629_800,
  months: 2_629_800,
  y: 31_557_600,
  year: 31_557_600,
  years: 31_557_600,
};

/**
 * `1min 30s`, `90`, `1h30m` in seconds, as systemd, Docker and process-compose write times; null for anything
 * else.
 */
export function secondsIn(text: string): number | null {
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Number(text);
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)];
  const isWhole = text.replace(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi, '').trim() === '';
  if (parts.length === 0 || !isWhole) return null;
  const values = parts.map(
    // To systemd `m` is a minute, and `M` a month.
    ([, amount, unit = '']) =>
      Number(amount) * (UNIT_SECONDS[unit === 'M' ? 'month' : unit.toLowerCase()] ?? Number.NaN),
  );
  const sum = values.reduce((total, each) => total + each, 0);
  return Number.isNaN(sum) ? null : Math.round(sum * 1000) / 1000;
}

/** As a `schedule` says it. */
export function everyText(seconds: number): string {
  for (const [unit, length] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const)
    if (seconds % length === 0 && seconds >= length) return `every ${seconds / length}${unit}`;
  return `every ${seconds}s`;
}
