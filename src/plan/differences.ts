import type { Job } from '../config/config.ts';
import { KEYS, type KeyName } from '../config/schema/keys.ts';

/** Fields of a job that are not simply the value of a key: its name and the number of its copies. */
type Unkeyed = 'name' | 'instances';

/**
 * The key that the user writes for each field of a job. A new field goes to the end: persisted fingerprints
 * follow this order.
 */
export const KEY_OF: Readonly<Record<Exclude<keyof Job, Unkeyed>, KeyName>> = {
  command: 'job_command',
  cwd: 'cwd',
  env: 'env',
  envFromFiles: 'env_file',
  umask: 'umask',
  test: 'test_command',
  restart: 'restart',
  startMs: 'start_seconds',
  backoff: 'backoff',
  maxRestarts: 'max_restarts',
  stopSignal: 'stop_signal',
  stopTimeoutMs: 'stop_timeout',
  testTimeoutMs: 'test_timeout',
  testIntervalMs: 'test_interval',
  after: 'after',
  ready: 'ready',
  schedule: 'schedule',
  watch: 'watch',
  log: 'log',
  description: 'description',
  successCodes: 'success_codes',
  afterIs: 'after',
  runAtStart: 'run_at_start',
  tags: 'tags',
  enabled: 'enabled',
  limits: 'limits',
  nice: 'nice',
  alive: 'alive',
  maxMemoryBytes: 'max_memory',
  stdin: 'stdin',
  on: 'on',
  rolling: 'rolling',
};

type Field = keyof typeof KEY_OF;
const FIELDS = Object.keys(KEY_OF) as readonly Field[];

const RESTARTING: ReadonlySet<string> = new Set(
  KEYS.flatMap(({ name, restarts }) => (restarts ? [name] : [])),
);
/** The fields whose change the child itself would see, and the others, whose change applies in place. */
const CHILD_FIELDS = FIELDS.filter((field) => RESTARTING.has(KEY_OF[field]));
const OTHER_FIELDS = FIELDS.filter((field) => !RESTARTING.has(KEY_OF[field]));

/**
 * Fields that came later, with the value that every job had before: an update of overseer must not restart a
 * job.
 */
const LATER: Readonly<Partial<Record<Field, string>>> = {
  limits: '{}',
  nice: 'null',
  stdin: 'false',
};

/** The part of a job that its child sees: equal for two jobs exactly when no restart is needed. */
export function childSpec(job: Job): string {
  return CHILD_FIELDS.flatMap((field) => {
    const value = canonical(job[field]);
    if (LATER[field] === undefined) return [value];
    return LATER[field] === value ? [] : [`${field} ${value}`];
  }).join('\n');
}

const NO_DIFFERENCES = { childKeys: [], otherKeys: [] } as const;

/** The keys that differ between two configs of one job, under the names that the user writes. */
export function differences(
  before: Job,
  after: Job,
): { readonly childKeys: readonly string[]; readonly otherKeys: readonly string[] } {
  // A trigger whose config did not change has the same objects.
  if (before === after) return NO_DIFFERENCES;
  return { childKeys: changed(CHILD_FIELDS, before, after), otherKeys: changed(OTHER_FIELDS, before, after) };
}

function changed(fields: readonly Field[], before: Job, after: Job): string[] {
  const differing = fields.filter((field) => !isEqual(before[field], after[field]));
  return [...new Set(differing.map((field) => KEY_OF[field]))];
}

/** Most fields are unchanged and plain, so compare cheaply first. */
function isEqual(before: unknown, after: unknown): boolean {
  return before === after || canonical(before) === canonical(after);
}

/** JSON with sorted keys, so that the order in which a table was written makes no difference. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
