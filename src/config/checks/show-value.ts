import { madeVisible } from '../../text/invisible.ts';
import { isTable } from '../toml/document.ts';

const MAX_SHOWN = 40;

/** A value as it would be written in the file, shortened. */
export function show(value: unknown, most = MAX_SHOWN): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  if (isTable(value)) return 'a table';
  if (typeof value === 'symbol') return `the ${kindOfDate(value)} ${value.description}`;
  if (typeof value === 'number' && !Number.isFinite(value))
    return String(value).toLowerCase().replace('infinity', 'inf');
  // Cut before formatting: a value may be as long as a file.
  const part = typeof value === 'string' ? value.slice(0, most + 1) : value;
  const text = madeVisible(JSON.stringify(part));
  return text.length <= most + 2 ? text : `${text.slice(0, most)}…`;
}

/** Dates and times are symbols (see parse-toml.ts). */
const kindOfDate = ({ description = '' }: symbol): string => (description.includes('-') ? 'date' : 'time');
