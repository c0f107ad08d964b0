/** `2026-11-23` in local time. */
export function dayText(time: Date): string {
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

/** `14:20:29` in local time. */
export function clockText(time: Date): string {
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

const two = (value: number): string => String(value).padStart(2, '0');
