import type { Job } from '../config/config.ts';

/** The keys of a job whose change the child itself would see, by the names that the user writes. */
const CHILD_KEYS = {
  command: 'job_command',
  cwd: 'cwd',
  env: 'env',
  envFromFiles: 'env_file',
  umask: 'umask',
} as const satisfies Partial<Record<keyof Job, string>>;

/** Every other key; its change applies in place. */
const OTHER_KEYS = {
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
} as const satisfies Partial<Record<keyof Job, string>>;

/** The part of a job that its child sees: equal for two jobs exactly when no restart is needed. */
export function childSpec(job: Job): string {
  return (Object.keys(CHILD_KEYS) as (keyof typeof CHILD_KEYS)[])
    .map((key) => canonical(job[key]))
    .join('\n');
}

/** What differs between two configs of one job, by the names that the user writes. */
export function differences(
  before: Job,
  after: Job,
): { readonly childKeys: readonly string[]; readonly otherKeys: readonly string[] } {
  return { childKeys: changed(CHILD_KEYS, before, after), otherKeys: changed(OTHER_KEYS, before, after) };
}

function changed<K extends keyof Job>(keys: Readonly<Record<K, string>>, before: Job, after: Job): string[] {
  return (Object.keys(keys) as K[]).filter((key) => !isSame(before[key], after[key])).map((key) => keys[key]);
}

/** Most of what a trigger finds is as it was, and mostly plain. */
function isSame(before: unknown, after: unknown): boolean {
  return before === after || canonical(before) === canonical(after);
}

/** JSON with sorted keys, so that the order in which a table was written makes no difference. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
