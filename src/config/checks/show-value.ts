import { isTable } from '../toml/document.ts';

const MAX_SHOWN = 40;

/** A value as it would be written in the file, shortened. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  if (isTable(value)) return 'a table';
  if (value instanceof Date) return `the date ${value.toISOString()}`;
  if (typeof value === 'number' && !Number.isFinite(value))
    return String(value).toLowerCase().replace('infinity', 'inf');
  const text = JSON.stringify(value);
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}
