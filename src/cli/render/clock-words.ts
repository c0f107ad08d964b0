const two = (value: number): string => String(value).padStart(2, '0');

/** `14:20:29` in local time; with the date where that is not today's. */
export function clockWords(at: string, now: number): string {
  const time = new Date(at);
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  if (time.toDateString() === new Date(now).toDateString()) return clock;
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${clock}`;
}

const MOMENT = /\b\d{4}-\d\d-\d\dT[\d:.]+Z/g;

/** A text with each moment in it, as ISO 8601 has them, in other words. */
export function withMoments(text: string, words: (at: string) => string): string {
  return text.replaceAll(MOMENT, words);
}
