import type { Job } from '../../config/config.ts';
import { KEYS } from '../../config/schema/keys.ts';
import { KEY_OF } from '../../plan/differences.ts';
import { commandLine } from '../../text/command-line.ts';

/** A value as it would stand in the config; null where there is none. */
export type ConfigValue =
  | string
  | number
  | boolean
  | null
  | readonly ConfigValue[]
  | { readonly [key: string]: ConfigValue };

/** Apart from the other keys, because each variable has an origin. */
const OF_ENVIRONMENT: ReadonlySet<string> = new Set(['env', 'envFromFiles']);

/** Every key of a job with the value that it has: the defaults merged, durations in seconds. */
export function effectiveConfig(job: Job): Readonly<Record<string, ConfigValue>> {
  const { after, afterIs, ...rest } = job;
  const values = Object.entries(rest).flatMap(([field, value]): [string, ConfigValue][] => {
    const key = Object.hasOwn(KEY_OF, field) ? KEY_OF[field as keyof typeof KEY_OF] : field;
    return OF_ENVIRONMENT.has(field) || field === 'name' ? [] : [[key, written(field, value)]];
  });
  const dependencies = after.map((name): ConfigValue => {
    const is = afterIs[name];
    return is === undefined ? name : { job: name, is };
  });
  const all = new Map<string, ConfigValue>([...values, ['after', dependencies]]);
  return Object.fromEntries([...all].toSorted(([a], [b]) => placeOf(a) - placeOf(b)));
}

/** In the order of the documentation. */
const placeOf = (key: string): number => KEYS.findIndex(({ name }) => name === key);

function written(field: string, value: unknown): ConfigValue {
  if (field === 'umask' && typeof value === 'number') return value.toString(8).padStart(3, '0');
  if (field.endsWith('Ms') && typeof value === 'number') return value / 1000;
  if (Array.isArray(value)) return value.map((each) => written('', each));
  if (typeof value === 'object' && value !== null) return table(value);
  return value as ConfigValue;
}

function table(value: object): ConfigValue {
  const { kind, host, port, url, pattern, written: asWritten, ...rest } = value as Record<string, unknown>;
  if ('exe' in rest && 'args' in rest) return commandLine(rest as { exe: string; args: readonly string[] });
  const others = Object.fromEntries(
    Object.entries(rest).map(([name, inner]) => [keyOf(name), written(name, inner)]),
  );
  if (typeof kind !== 'string') return others;
  // Of a probe the kind is the key.
  const { command, ...times } = others;
  const address = typeof host === 'string' ? `${host}:${port as number}` : command;
  return { [kind]: (asWritten ?? url ?? pattern ?? address) as ConfigValue, ...times };
}

/** `minMs` is `min` in the config, `maxBytes` is `max_size`. */
const keyOf = (name: string): string => (name === 'maxBytes' ? 'max_size' : name.replace(/Ms$/, ''));
