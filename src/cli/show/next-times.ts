import { nextTime, parseSchedule } from '../../config/values/schedule.ts';

/** How many of the next times are shown. */
const TOLD = 5;

/** The next times at which a schedule is due, as dates; `due` is the one that a daemon waits for already. */
export function nextTimes(schedule: string | null, now: number, due: string | null): readonly string[] {
  const parsed = schedule === null ? null : parseSchedule(schedule);
  if (parsed === null || !parsed.ok) return [];
  const times = due === null ? [] : [Date.parse(due)];
  while (times.length < TOLD) {
    const next = nextTime(parsed.value, times.at(-1) ?? now);
    if (next === null) break;
    times.push(next);
  }
  return times.map((time) => new Date(time).toISOString());
}
