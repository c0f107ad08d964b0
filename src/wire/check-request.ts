import type { Request, RequestName } from './messages.ts';

export type RequestCheck =
  | { readonly ok: true; readonly request: Request }
  | { readonly ok: false; readonly message: string };

type RequestOf<Name extends RequestName, Each = Request> = Each extends { readonly name: infer Names }
  ? Name extends Names
    ? Each
    : never
  : never;
type FieldType<Value> = [Value] extends [boolean]
  ? 'boolean'
  : [Value] extends [string]
    ? 'string'
    : [Value] extends [readonly string[]]
      ? 'strings'
      : never;
type Optional<Value> = undefined extends Value ? '?' : '';
/** With a `?` behind it where an older client does not send the field. */
type Fields<Name extends RequestName> = {
  readonly [
    Field in Exclude<keyof RequestOf<Name>, 'name'>
  ]-?: `${FieldType<NonNullable<RequestOf<Name>[Field]>>}${Optional<RequestOf<Name>[Field]>}`;
};

// The one list: a kind or field that messages.ts gains or loses does not compile until it is mended here.
const REQUESTS: { readonly [Name in RequestName]: Fields<Name> } = {
  apply: {
    configDir: 'string',
    wait: 'boolean',
    allowEmpty: 'boolean',
    jobs: 'strings?',
    replace: 'boolean?',
  },
  plan: { configDir: 'string', allowEmpty: 'boolean', jobs: 'strings?', replace: 'boolean?' },
  status: { jobs: 'strings', counts: 'boolean?', brief: 'boolean?' },
  why: { job: 'string' },
  start: { jobs: 'strings', all: 'boolean', wait: 'boolean' },
  restart: { jobs: 'strings', all: 'boolean', wait: 'boolean', rolling: 'boolean?' },
  stop: { jobs: 'strings', all: 'boolean' },
  signal: { signal: 'string', jobs: 'strings' },
  stdin: { jobs: 'strings' },
  events: { jobs: 'strings', follow: 'boolean', verbose: 'boolean' },
  wait: { jobs: 'strings', state: 'string' },
  inspect: { jobs: 'strings' },
  DIE: { keepJobs: 'boolean' },
};

// NUL is not allowed: no path, job name or signal contains one, and system calls throw for it.
const isText = (value: unknown): boolean => typeof value === 'string' && !value.includes('\0');

const TYPES = {
  string: { words: 'a string', holds: isText },
  boolean: { words: 'true or false', holds: (value: unknown): boolean => typeof value === 'boolean' },
  strings: {
    words: 'an array of strings',
    holds: (value: unknown): boolean => Array.isArray(value) && value.every(isText),
  },
} as const;

type FieldWord = keyof typeof TYPES | `${keyof typeof TYPES}?`;
const typeIn = (word: FieldWord): keyof typeof TYPES => word.replace('?', '') as keyof typeof TYPES;

/**
 * Checks a peer's message against the list of requests. A valid one is copied, so that it has no other
 * fields.
 */
export function checkRequest(value: unknown): RequestCheck {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refused(`a request must be an object, not ${shown(value)}`);
  const given = value as Readonly<Record<string, unknown>>;
  const name = Object.hasOwn(given, 'name') ? given['name'] : undefined;
  if (typeof name !== 'string' || !isRequestName(name)) {
    return refused(`unknown request ${shown(name)}; known are ${Object.keys(REQUESTS).join(', ')}`);
  }
  return checkFields(name, given);
}

function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(REQUESTS, name);
}

function checkFields(name: RequestName, given: Readonly<Record<string, unknown>>): RequestCheck {
  const fields = Object.entries<FieldWord>(REQUESTS[name]);
  const known = ['name', ...fields.map(([field]) => field)];
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined)
    return refused(`${name}: unknown field ${shown(unknown)}; known are ${known.join(', ')}`);
  const request: Record<string, unknown> = { name };
  for (const [field, word] of fields) {
    const type = typeIn(word);
    if (!Object.hasOwn(given, field) && word !== type) continue;
    if (!Object.hasOwn(given, field))
      return refused(`${name}: the field ${field} is missing; it is ${TYPES[type].words}`);
    if (!TYPES[type].holds(given[field]))
      return refused(`${name}: ${field} must be ${TYPES[type].words}, not ${shown(given[field])}`);
    request[field] = given[field];
  }
  return { ok: true, request: request as Request };
}

function refused(message: string): RequestCheck {
  return { ok: false, message };
}

const SHOWN_LENGTH = 40;

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}
