import { clockText, dayText } from '../../text/local-time.ts';

/** `14:20:29` in local time; with the date where that is not today's. */
export function clockWords(at: string, now: number): string {
  const time = new Date(at);
  if (time.toDateString() === new Date(now).toDateString()) return clockText(time);
  return `${dayText(time)} ${clockText(time)}`;
}
