import { durationMs } from '../values/duration.ts';
import type { Fragment } from '../schema/fragment.ts';
import { candidatesOf, didYouMean } from '../../text/did-you-mean.ts';
import { addressAt } from '../values/ready.ts';
import { show } from './show-value.ts';
import { signalNumbered } from '../values/signal.ts';

/** Suggestions for keys that do not take every text, so that adding quotes would not be enough. */
const OWN_CURES: Readonly<Record<string, (value: unknown) => string | null>> = {
  cwd: () => null,
  schedule: () => null,
  'ready.http': () => null,
  'ready.tcp': (value) => (typeof value === 'number' ? addressAt(value) : null),
  stop_signal: (value) => {
    const signal = signalNumbered(value);
    return signal === null ? null : JSON.stringify(signal);
  },
};

/** Such as `: write "80"` where the intention is clear, else empty. */
export function cureFor(schema: Fragment, value: unknown, key: string): string {
  if (schema.enum !== undefined && typeof value === 'string')
    return didYouMean(value, candidatesOf(schema.enum));
  const meant = Object.hasOwn(OWN_CURES, key) ? (OWN_CURES[key]?.(value) ?? null) : meantBy(schema, value);
  return meant === null ? '' : `: write ${meant}`;
}

function meantBy(schema: Fragment, value: unknown): string | null {
  switch (schema.type) {
    case 'string':
      return typeof value === 'number' || typeof value === 'boolean'
        ? quoted(schema, String(value))
        : dateAsText(schema, value);
    case 'number':
    case 'integer':
      return typeof value === 'string' ? numberFrom(schema, value) : null;
    case 'array':
      return asOnlyItem(schema.items, value);
    case 'boolean':
      return value === 'true' || value === 'false' ? value : null;
    case 'object':
    default:
      return null;
  }
}

/** A value where a list of such values is expected. */
function asOnlyItem(items: Fragment | undefined, value: unknown): string | null {
  const types = [items?.type ?? []].flat();
  if (types.includes('string')) return typeof value === 'string' ? `[${show(value)}]` : null;
  if (items === undefined || !types.includes('integer')) return null;
  const number = typeof value === 'number' ? String(value) : numberFrom(items, String(value));
  return number === null ? null : `[${number}]`;
}

function quoted({ pattern = '', enum: words }: Fragment, value: string): string | null {
  return words === undefined && new RegExp(pattern, 'u').test(value) ? JSON.stringify(value) : null;
}

/** A date or time without quotes, where text is expected. */
function dateAsText(schema: Fragment, value: unknown): string | null {
  return typeof value === 'symbol' ? quoted(schema, value.description ?? '') : null;
}

/** `"5"` and `"500ms"` where a number of seconds is expected. */
function numberFrom(
  { minimum = -Infinity, maximum = Infinity, type }: Fragment,
  value: string,
): string | null {
  const ms = type === 'number' ? durationMs(value) : null;
  const number = ms === null ? Number(value.trim() === '' ? NaN : value) : ms / 1000;
  const fits = number >= minimum && number <= maximum && (type === 'number' || Number.isInteger(number));
  return fits ? String(number) : null;
}
