import { parseDotenv } from '../../config/values/dotenv.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The variables of a `.env`, and over them those of the call. */
export function knownVariables(dotenvText: string, environment: Variables): Variables {
  const dotenv = parseDotenv(dotenvText);
  return { ...(dotenv.ok ? dotenv.env : {}), ...environment };
}

const REFERENCE = /\$(?:\$|\{([A-Za-z_]\w*)(?:(:?[-+?])([^}]*))?\}|([A-Za-z_]\w*))/g;

/** `${NAME}`, `${NAME:-text}`, `$NAME` and `$$` filled in; `missing` is told each name that is not set. */
export function interpolate(text: string, known: Variables, missing: (name: string) => void): string {
  return text.replace(
    REFERENCE,
    (whole, braced?: string, sign?: string, other = '', bare?: string): string => {
      const name = braced ?? bare;
      if (name === undefined) return '$';
      const found = known[name];
      const isSet = sign?.startsWith(':') === true ? (found ?? '') !== '' : found !== undefined;
      if (sign?.endsWith('+') === true) return isSet ? other : '';
      if (isSet) return found ?? '';
      if (sign?.endsWith('-') === true) return other;
      missing(name);
      return sign === undefined ? '' : whole;
    },
  );
}

/** The same in every text of a value. */
export function interpolateAll(
  value: unknown,
  known: Variables,
  missing: (name: string, path: readonly (string | number)[]) => void,
  path: readonly (string | number)[] = [],
): unknown {
  if (typeof value === 'string') return interpolate(value, known, (name) => missing(name, path));
  if (Array.isArray(value))
    return value.map((each, at) => interpolateAll(each, known, missing, [...path, at]));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, interpolateAll(each, known, missing, [...path, key])]),
    );
  return value;
}
