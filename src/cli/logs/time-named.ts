import { dayText } from '../../text/local-time.ts';
import { durationMs } from '../../config/values/duration.ts';

const DAY = String.raw`\d{4}-\d\d-\d\d`;
const CLOCK = String.raw`\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?`;
const ZONE = String.raw`(?:Z|[+-]\d\d:\d\d)?`;

/**
 * Parses `10m` (ago), `14:30` (today), `2026-01-31` or `2026-01-31T14:30`, in local time by default; null for
 * an invalid time.
 */
export function timeNamed(text: string, now: number): number | null {
  const ago = durationMs(text);
  if (ago !== null) return now - ago;
  if (new RegExp(`^${CLOCK}$`).test(text)) return parsed(`${dayText(new Date(now))}T${text}`);
  // Without a time of day a date alone would be that of Greenwich.
  if (new RegExp(`^${DAY}$`).test(text)) return parsed(`${text}T00:00`);
  return new RegExp(`^${DAY}[T ]${CLOCK}${ZONE}$`).test(text) ? parsed(text.replace(' ', 'T')) : null;
}

function parsed(text: string): number | null {
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}
