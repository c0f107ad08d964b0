import { isAbsolute, resolve } from 'node:path';
import type { DependencyState, HookCommands, Job, LogPolicy, RestartPolicy } from '../config.ts';
import type { HardLimits, ResourceLimit, LimitName, ResourceLimits } from './resource-limits.ts';
import { isTable, type Place, type Table } from '../toml/document.ts';
import { KEYS, type Key, type KeyName } from '../schema/keys.ts';
import { parseSchedule } from './schedule.ts';
import { readCommand, type RawCommand } from './command.ts';
import { RESERVED, RESERVED_NAMES } from './own-variables.ts';
import { readAlive, readReady, type RawAlive, type RawReady } from './ready.ts';
import { show } from '../checks/show-value.ts';
import { signalNamed, signalCure } from './signal.ts';
import { sizeBytes } from './size.ts';

/**
 * An `env_file` as written, and where. It is relative to the job's `cwd`, so it is read once that is known.
 */
export interface EnvFile {
  readonly path: string;
  readonly place: Place;
}

/** The folders that relative paths start from. */
export interface Bases {
  readonly home: string;
  /**
   * The folder of a config that is one file; null for a config folder, where a relative `cwd` is not allowed.
   */
  readonly folder: string | null;
  /** What no limit of a job may exceed. */
  readonly hardLimits: () => HardLimits;
}

/** A job before its `env_file`s are read. */
export interface Settings extends Omit<Job, 'envFromFiles'> {
  readonly envFiles: readonly EnvFile[];
}

/**
 * The values in a `[[jobs]]` or `[defaults]` table. A key with an invalid value is reported and left out, and
 * so is a key that the schema has refused, but for its sound entries.
 */
export function readSettings(table: Table, place: Place, bases: Bases): Partial<Settings> {
  const keys: readonly (Key & { readonly name: KeyName })[] = KEYS;
  return Object.assign(
    {},
    ...keys.map(({ name }) => {
      const value = soundPart(name, table[name], place.at(name));
      return value === undefined ? {} : READERS[name](value as never, place.at(name), bases);
    }),
  );
}

/** Keys whose entries have nothing to do with each other: beside a wrong one the others are checked, too. */
const OF_ENTRIES: readonly KeyName[] = ['env', 'limits', 'on'];

function soundPart(name: KeyName, value: unknown, place: Place): unknown {
  if (!place.isRefused) return value;
  if (!OF_ENTRIES.includes(name) || !isTable(value)) return undefined;
  const entries = Object.entries(value);
  // A variable is known by its name although its value is wrong.
  if (name === 'env')
    return Object.fromEntries(entries.map(([each, text]) => [each, place.at(each).isRefused ? '' : text]));
  return Object.fromEntries(entries.filter(([each]) => !place.at(each).isRefused));
}

type Reader = (value: never, place: Place, bases: Bases) => Partial<Settings>;

const READERS: Readonly<Record<KeyName, Reader>> = {
  name: (name: string) => ({ name }),
  job_command: (value: RawCommand, place) => ifAny('command', readCommand(value, place)),
  test_command: (value: RawCommand, place) => ifAny('test', readCommand(value, place)),
  cwd: readCwd,
  env: readEnv,
  env_file: readEnvFiles,
  umask: (digits: string) => ({ umask: Number.parseInt(digits, 8) }),
  restart: (restart: RestartPolicy) => ({ restart }),
  start_seconds: (seconds: number) => ({ startMs: toMs(seconds) }),
  backoff: readBackoff,
  max_restarts: (maxRestarts: number) => ({ maxRestarts }),
  stop_signal: readSignal,
  stop_timeout: (seconds: number) => ({ stopTimeoutMs: toMs(seconds) }),
  test_timeout: (seconds: number) => ({ testTimeoutMs: toMs(seconds) }),
  test_interval: (seconds: number) => ({ testIntervalMs: toMs(seconds) }),
  success_codes: (successCodes: readonly number[]) => ({ successCodes }),
  after: readAfter,
  ready: (value: RawReady, place) => ifAny('ready', readReady(value, place)),
  schedule: readSchedule,
  run_at_start: (runAtStart: boolean) => ({ runAtStart }),
  instances: (instances: number) => ({ instances }),
  watch: (globs: readonly string[], _, { home }) => ({ watch: globs.map((glob) => homeGlob(glob, home)) }),
  log: readLog,
  description: (description: string) => ({ description }),
  enabled: (enabled: boolean) => ({ enabled }),
  limits: readLimits,
  alive: (value: RawAlive, place) => ifAny('alive', readAlive(value, place)),
  max_memory: readMaxMemory,
  stdin: (stdin: boolean) => ({ stdin }),
  nice: (nice: number) => ({ nice }),
  on: readHooks,
  rolling: (rolling: boolean) => ({ rolling }),
  tags: (tags: readonly string[]) => ({ tags: [...new Set(tags)] }),
};

function ifAny<K extends keyof Settings>(field: K, value: Settings[K] | null): Partial<Settings> {
  return value === null ? {} : { [field]: value };
}

const toMs = (seconds: number): number => Math.round(seconds * 1000);

/** `~` and `$HOME` at the beginning, as a shell would expand them. */
function expandHome(path: string, home: string): string {
  return path.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, () => home);
}

/** The home folder is a literal path in a glob, whatever its name. A `!` may precede it. */
function homeGlob(glob: string, home: string): string {
  const plain = home.replaceAll(/[\\*?[\]{}()]/g, String.raw`\$&`);
  return glob.startsWith('!') ? `!${expandHome(glob.slice(1), plain)}` : expandHome(glob, plain);
}

function readCwd(value: string, place: Place, { home, folder }: Bases): Partial<Settings> {
  const cwd = expandHome(value, home);
  if (isAbsolute(cwd)) return { cwd };
  if (folder !== null) return { cwd: resolve(folder, cwd) };
  place.report(`cwd must be an absolute path, or one that begins with ~ or $HOME, got ${show(value)}`);
  return {};
}

function readEnv(env: Table, place: Place): Partial<Settings> {
  for (const name of RESERVED_NAMES.filter((each) => Object.hasOwn(env, each)))
    place.at(name).report(`env.${name}: ${RESERVED}`, 'key');
  // An own property even for `__proto__`, which assignment would take for the prototype.
  return { env: Object.fromEntries(Object.entries(env) as [string, string][]) };
}

function readEnvFiles(value: string | readonly string[], place: Place, { home }: Bases): Partial<Settings> {
  if (typeof value === 'string') return { envFiles: [{ path: expandHome(value, home), place }] };
  return { envFiles: value.map((path, index) => ({ path: expandHome(path, home), place: place.at(index) })) };
}

type RawDependency = string | { readonly job: string; readonly is: DependencyState };

function readAfter(after: readonly RawDependency[]): Partial<Settings> {
  const stated = after.filter((each) => typeof each !== 'string');
  return {
    after: after.map((each) => (typeof each === 'string' ? each : each.job)),
    afterIs: Object.fromEntries(stated.map(({ job, is }) => [job, is])),
  };
}

interface RawBackoff {
  readonly min: number;
  readonly max: number;
  readonly factor: number;
}

function readBackoff({ min, max, factor }: RawBackoff, place: Place): Partial<Settings> {
  if (min <= max) return { backoff: { minMs: toMs(min), maxMs: toMs(max), factor } };
  place.report(`backoff.max must be at least backoff.min, got min ${min} and max ${max}`);
  return {};
}

function readSignal(value: string, place: Place): Partial<Settings> {
  const stopSignal = signalNamed(value);
  if (stopSignal !== null) return { stopSignal };
  place.report(
    `stop_signal must be the name of a signal that can end a job, got ${show(value)}${signalCure(value)}`,
  );
  return {};
}

function readSchedule(value: string, place: Place): Partial<Settings> {
  const schedule = parseSchedule(value);
  if (schedule.ok) return { schedule: value };
  place.report(`schedule ${show(value)}: ${schedule.message}`);
  return {};
}

function readLimits(limits: ResourceLimits, place: Place, { hardLimits }: Bases): Partial<Settings> {
  const named = Object.entries(limits) as [LimitName, ResourceLimit][];
  if (named.length === 0) return { limits: { ...limits } };
  const hard = hardLimits();
  for (const [name, limit] of named) {
    const most = hard[name];
    if (most !== undefined && (limit === 'unlimited' || limit > most))
      place
        .at(name)
        .report(`limits.${name} must be at most ${most}, the hard limit of overseer, got ${show(limit)}`);
  }
  return { limits: { ...limits } };
}

function readMaxMemory(size: string | number, place: Place): Partial<Settings> {
  const maxMemoryBytes = typeof size === 'number' ? size : sizeBytes(size);
  if (maxMemoryBytes !== null) return { maxMemoryBytes };
  place.report(`max_memory must be a size such as "300MB" or "1GiB", got ${show(size)}`);
  return {};
}

function readHooks(value: Readonly<Record<string, RawCommand>>, place: Place): Partial<Settings> {
  const read = Object.entries(value).flatMap(([state, command]) => {
    const hook = readCommand(command, place.at(state));
    return hook === null ? [] : [[state, hook] as const];
  });
  return { on: Object.fromEntries(read) as HookCommands };
}

interface RawLog {
  readonly max_size: string | number;
  readonly keep: number;
  readonly rotate: LogPolicy['rotate'];
  readonly outputs: LogPolicy['outputs'];
}

function readLog({ max_size: size, keep, rotate, outputs }: RawLog, place: Place): Partial<Settings> {
  const maxBytes = typeof size === 'number' ? size : sizeBytes(size);
  if (maxBytes !== null) return { log: { maxBytes, keep, rotate, outputs } };
  place
    .at('max_size')
    .report(`log.max_size must be a size such as "10MB", "512kB" or "1GiB", got ${show(size)}`);
  return {};
}
