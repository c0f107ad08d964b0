import type { Marker } from './ports.ts';
import type { Job } from '../config/config.ts';

/** What a job gets from the daemon's own environment, and nothing else. */
const BASE_NAMES = new Set([
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'PATH',
  'LANG',
  'TZ',
  'TMPDIR',
  'SSH_AUTH_SOCK',
  'OVERSEER_CONFIG',
  'OVERSEER_DATA',
]);
const BASE_PREFIXES = ['LC_', 'XDG_'];

/** The part of the daemon's environment that jobs see: nothing leaks in from the terminal that happened to start it. */
export function baseEnvironment(all: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const base: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) {
    if (
      value !== undefined &&
      (BASE_NAMES.has(name) || BASE_PREFIXES.some((prefix) => name.startsWith(prefix)))
    )
      base[name] = value;
  }
  return base;
}

/** The environment of one instance: the base, then `env_file`, then `env`, then overseer's own. */
export function jobEnvironment(
  base: Readonly<Record<string, string>>,
  job: Job,
  instance: string | null,
): Record<string, string> {
  const own = Object.entries(job.env).map(([name, value]) => [name, expand(value, base)] as const);
  // Spread keeps a variable called `__proto__`, which assignment would take for the prototype.
  const env: Record<string, string> = { ...base, ...job.envFromFiles, ...Object.fromEntries(own) };
  env['OVERSEER_JOB'] = job.name;
  if (instance !== null) env['OVERSEER_INSTANCE'] = instance;
  return env;
}

/** `${NAME}` becomes what the base environment holds under that name, or nothing. */
function expand(value: string, base: Readonly<Record<string, string>>): string {
  return value.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) =>
    Object.hasOwn(base, name) ? (base[name] ?? '') : '',
  );
}

/** A test has one variable more than its job, so that it is never taken for a process of it. */
export function testEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  return { ...env, [TEST_NAME]: '1' };
}

const TEST_NAME = 'OVERSEER_TEST';

/** The variables by which an instance's processes are known: which job of which data folder they are of. */
const MARKING = ['OVERSEER_JOB', 'OVERSEER_INSTANCE', 'OVERSEER_DATA', 'HOME', 'XDG_DATA_HOME'] as const;

/** How the processes of one instance are told from those of every other by their environment. */
export function markerOf(env: Readonly<Record<string, string>>): Marker {
  const present = Object.fromEntries(
    MARKING.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
  return { present, absent: [TEST_NAME, ...MARKING.filter((name) => env[name] === undefined)] };
}
