import { MAX_DURATION_MS } from '../values/duration.ts';

/** The part of JSON schema that describes our keys. */
export interface Fragment {
  readonly type: 'string' | 'number' | 'integer' | 'array' | 'object' | 'boolean' | readonly string[];
  /** Completes the sentence "… must be". */
  readonly description: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Fragment;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Fragment | Reference>>;
  readonly definitions?: Readonly<Record<string, Fragment>>;
  readonly required?: readonly string[];
  readonly propertyNames?: {
    readonly type: 'string';
    readonly pattern: string;
    readonly description: string;
  };
  readonly additionalProperties?: false | Fragment;
}

export interface Reference {
  readonly $ref: string;
}

// A NUL would cut a string short on its way to the system. minLength is a pattern too: ajv's own needs ajv at
// run time.
const ANY_TEXT = '^[^\\u0000]*$';
const SOME_TEXT = '^[^\\u0000]+$';
const MAX_SECONDS = MAX_DURATION_MS / 1000;
const MIN_SECONDS = 0.001;

export const text = (description: string): Fragment => ({ type: 'string', pattern: SOME_TEXT, description });

export const anyText = (description: string): Fragment => ({
  type: 'string',
  pattern: ANY_TEXT,
  description,
});

export const yesOrNo: Fragment = { type: 'boolean', description: 'true or false' };

export function oneOf(...words: readonly string[]): Fragment {
  return {
    type: 'string',
    enum: words,
    description: `one of ${words.map((word) => JSON.stringify(word)).join(', ')}`,
  };
}

/** Zero is allowed. */
export const seconds = (): Fragment => ({
  type: 'number',
  minimum: 0,
  maximum: MAX_SECONDS,
  description: `a number of seconds from 0 to ${MAX_SECONDS}`,
});

export const someSeconds = (): Fragment => ({
  type: 'number',
  minimum: MIN_SECONDS,
  maximum: MAX_SECONDS,
  description: `a number of seconds from ${MIN_SECONDS} to ${MAX_SECONDS}`,
});

export const count = (maximum: number): Fragment => ({
  type: 'integer',
  minimum: 0,
  maximum,
  description: `a whole number from 0 to ${maximum}`,
});

export const listOf = (items: Fragment, description: string): Fragment => ({
  type: 'array',
  items,
  description,
});

/** A table of these keys and no others. A key that is left out gets its fragment's default. */
export function tableOf(
  description: string,
  properties: Readonly<Record<string, Fragment | Reference>>,
): Fragment {
  return { type: 'object', properties, additionalProperties: false, description };
}

/** The defaults that an empty table has. */
export function defaultsOf({ properties = {} }: Fragment): Readonly<Record<string, unknown>> {
  const values = Object.entries(properties).map(([name, part]) => [
    name,
    'default' in part ? part.default : undefined,
  ]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}
