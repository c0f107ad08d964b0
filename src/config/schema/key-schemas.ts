import { JOB_STATES } from '../state-words.ts';
import { LIMIT_NAMES } from '../values/resource-limits.ts';
import {
  anyText,
  count,
  listOf,
  oneOf,
  seconds,
  someSeconds,
  tableOf,
  text,
  type Fragment,
} from './fragment.ts';

const MAX_KEPT_LOGS = 1000;

export const COMMAND: Fragment = {
  ...tableOf('a command: { exe = "…", args = ["…"] } or one string', {
    exe: text('a string, the program to run'),
    args: { ...listOf(anyText('a string'), 'an array of strings'), default: [] },
  }),
  type: ['string', 'object'],
  pattern: '^[^\\u0000]*$',
  required: ['exe'],
};

export const ENV: Fragment = {
  type: 'object',
  propertyNames: {
    type: 'string',
    pattern: '^[^=\\u0000]+$',
    description: 'a name without "=" that is not empty',
  },
  additionalProperties: anyText('a string'),
  description: 'a table of strings',
};

export const ENV_FILE: Fragment = {
  ...listOf(text('a string, the path of a file'), 'the path of a file, or an array of them'),
  type: ['string', 'array'],
  pattern: '^[^\\u0000]+$',
};

export const BACKOFF = tableOf('a table { min, max, factor }', {
  min: { ...seconds(), default: 0.1 },
  max: { ...seconds(), default: 30 },
  factor: { type: 'number', minimum: 1, maximum: 1000, default: 2, description: 'a number from 1 to 1000' },
});

export const READY = tableOf('a table with one of command, tcp, http or log, and interval, timeout, within', {
  command: COMMAND,
  tcp: text('a string "host:port"'),
  http: text('a string, an http:// or https:// URL'),
  log: text('a string, a regular expression'),
  interval: { ...someSeconds(), default: 1 },
  timeout: { ...someSeconds(), default: 5 },
  within: { ...someSeconds(), default: 60 },
});

const MAX_CHECK_FAILURES = 1_000;

export const ALIVE = tableOf('a table with one of command, tcp or http, and interval, timeout, failures', {
  command: COMMAND,
  tcp: text('a string "host:port"'),
  http: text('a string, an http:// or https:// URL'),
  interval: { ...someSeconds(), default: 10 },
  timeout: { ...someSeconds(), default: 5 },
  failures: {
    type: 'integer',
    minimum: 1,
    maximum: MAX_CHECK_FAILURES,
    default: 3,
    description: `a whole number from 1 to ${MAX_CHECK_FAILURES}`,
  },
});

export const ON = tableOf(
  `a table of commands for any of the states ${JOB_STATES.join(', ')}`,
  Object.fromEntries(JOB_STATES.map((state) => [state, COMMAND])),
);

export const DEPENDENCY: Fragment = {
  ...tableOf(
    'the name of a job, tag:NAME, or { job = "…", is = "running" } or { job = "…", is = "finished" }',
    {
      job: text('the name of a job, or tag:NAME'),
      is: oneOf('running', 'finished'),
    },
  ),
  type: ['string', 'object'],
  pattern: '^[^\\u0000]+$',
  required: ['job', 'is'],
};

const MAX_GLOBS = 1_000;

export const WATCH: Fragment = {
  ...listOf({ ...text('a glob'), pattern: '^[^\\u0000]{1,4096}$' }, `an array of at most ${MAX_GLOBS} globs`),
  maxItems: MAX_GLOBS,
};

/** No limit of any system is larger, and in bytes it is still a number. */
const MAX_LIMIT = 2 ** 43;

const LIMIT: Fragment = {
  type: ['integer', 'string'],
  minimum: 0,
  maximum: MAX_LIMIT,
  pattern: '^unlimited$',
  description: `a whole number from 0 to ${MAX_LIMIT}, or "unlimited"`,
};

export const LIMITS = tableOf(
  `a table with any of ${LIMIT_NAMES.join(', ')}`,
  Object.fromEntries(LIMIT_NAMES.map((name) => [name, LIMIT])),
);

export const NICE: Fragment = {
  type: 'integer',
  minimum: -20,
  maximum: 19,
  description: 'a whole number from -20 to 19',
};

const MAX_TAGS = 100;

export const TAGS: Fragment = {
  ...listOf(
    {
      type: 'string',
      pattern: '^[A-Za-z0-9_][A-Za-z0-9_.@:-]{0,63}$',
      description: '1 to 64 letters, digits or _ . @ : - beginning with a letter, a digit or _',
    },
    `an array of at most ${MAX_TAGS} names`,
  ),
  maxItems: MAX_TAGS,
};

export const SUCCESS_CODES = listOf(
  { type: 'integer', minimum: 0, maximum: 255, description: 'an exit code from 0 to 255' },
  'an array of exit codes from 0 to 255',
);

export const SIZE: Fragment = {
  type: ['string', 'integer'],
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'a size such as "10MB", "512kB" or "1GiB", or a number of bytes',
};

export const LOG = tableOf('a table { max_size, keep, rotate, outputs }', {
  max_size: { ...SIZE, default: '10MB' },
  keep: { ...count(MAX_KEPT_LOGS), default: 5 },
  rotate: { ...oneOf('pause', 'truncate', 'off'), default: 'pause' },
  outputs: { ...oneOf('pipe', 'file'), default: 'pipe' },
});
