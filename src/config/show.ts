import { isTable } from './document.ts';
import { durationMs } from './duration.ts';
import type { Fragment } from './fragment.ts';
import { candidatesOf, didYouMean } from './nearest.ts';

const MAX_SHOWN = 40;

/** A value as it would be written in the file, shortened. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  if (isTable(value)) return 'a table';
  if (value instanceof Date) return `the date ${value.toISOString()}`;
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value).toLowerCase().replace('infinity', 'inf');
  const text = JSON.stringify(value);
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}

/** `: write "80"`, where it is clear what was meant, else nothing. */
export function cureFor(schema: Fragment, value: unknown): string {
  if (schema.enum !== undefined && typeof value === 'string') return didYouMean(value, candidatesOf(schema.enum));
  const meant = meantBy(schema, value);
  return meant === null ? '' : `: write ${meant}`;
}

function meantBy(schema: Fragment, value: unknown): string | null {
  switch (schema.type) {
    case 'string':
      return typeof value === 'number' || typeof value === 'boolean' ? quoted(schema, String(value)) : null;
    case 'number':
    case 'integer':
      return typeof value === 'string' ? numberFrom(schema, value) : null;
    case 'array':
      return typeof value === 'string' ? `[${show(value)}]` : null;
    case 'object':
    default:
      return null;
  }
}

function quoted({ pattern = '', enum: words }: Fragment, value: string): string | null {
  return words === undefined && new RegExp(pattern, 'u').test(value) ? JSON.stringify(value) : null;
}

/** `"5"` and `"500ms"` where a number of seconds is expected. */
function numberFrom({ minimum = -Infinity, maximum = Infinity, type }: Fragment, value: string): string | null {
  const ms = type === 'number' ? durationMs(value) : null;
  const number = ms === null ? Number(value.trim() === '' ? NaN : value) : ms / 1000;
  const fits = number >= minimum && number <= maximum && (type === 'number' || Number.isInteger(number));
  return fits ? String(number) : null;
}
