import type { Request } from '../../src/wire/messages.ts';
import { Random } from '../support/random.ts';
import { changesOf, happeningWithParts, withParts } from './parts.ts';
import type { Sketch, Sketches } from './sketch.ts';

/** How long users and faults have their way; afterwards all must come to rest. */
export const FAULTS_MS = 14_000;

/** What a test will say from now on. */
export type Says = 'pass' | 'fail' | 'unknown' | 'hang';

/** Something that people or the world do. Any of them can be left out, and the rest still makes sense. */
export type Happening = { readonly at: number } & (
  | { readonly kind: 'ask'; readonly request: Request; readonly vanishesMs: number | null }
  | { readonly kind: 'edit'; readonly job: string; readonly to: Sketch | null }
  | { readonly kind: 'test'; readonly job: string; readonly says: Says }
  | { readonly kind: 'touch'; readonly job: string }
  | { readonly kind: 'launch' | 'loseState' }
  | { readonly kind: 'kill'; readonly power: boolean }
  /** The daemon dies at its nth call into the world, or at the nth of those whose name begins so. */
  | {
      readonly kind: 'killAtCall';
      readonly of: string;
      readonly call: number;
      readonly when: 'before' | 'after';
      readonly power: boolean;
    }
  | { readonly kind: 'full' | 'noSync' | 'noConfigFiles' | 'brokenConfig'; readonly forMs: number }
  | { readonly kind: 'noSpawn'; readonly forMs: number; readonly lasting: boolean }
  | { readonly kind: 'wallJump'; readonly byMs: number }
  | { readonly kind: 'strike'; readonly job: string; readonly signal: NodeJS.Signals }
);

export interface Schedule {
  readonly seed: number;
  /** The config at the beginning. */
  readonly sketches: Sketches;
  readonly happenings: readonly Happening[];
  /** Whether somebody triggers once more when the faults have ended, or a daemon just starts. */
  readonly endsWithApply: boolean;
  /** How often a call of a job into the world throws, as a bug of ours would; missing where none does. */
  readonly throws?: number;
  /** Whether programs write into pipes that other processes copy to their logs. */
  readonly hasWriters?: boolean;
}

export const CONFIG_DIR = '/home/user/.config/overseer';

/** In so many of the worlds the ports of jobs throw. */
const THROWING = 0.3;

/** The share of worlds in which jobs have writers, among those that keep logs and are no Macs. */
const WITH_WRITERS = 0.8;

const JOBS = ['a', 'b', 'c', 'd'] as const;

const KINDS = {
  ask: 44,
  edit: 12,
  test: 8,
  touch: 4,
  launch: 2,
  loseState: 1,
  kill: 7,
  killAtCall: 12,
  full: 4,
  noSync: 1,
  noConfigFiles: 1,
  brokenConfig: 1,
  noSpawn: 4,
  wallJump: 1,
  strike: 4,
} as const satisfies Record<Happening['kind'], number>;

/** The schedule of a seed. */
export function scheduleOf(seed: number): Schedule {
  const random = new Random(seed, 'schedule');
  const jobs = JOBS.slice(0, random.int(1, JOBS.length));
  const sketches = withParts(seed, Object.fromEntries(jobs.map((name) => [name, sketchOf(random, name)])));
  const first: Happening = { at: 1, kind: 'ask', request: apply(random), vanishesMs: null };
  const others = Array.from({ length: random.int(6, 26) }, () => happeningOf(random, jobs)).map(
    (happening, nth) => happeningWithParts({ seed, sketches }, happening, nth),
  );
  const happenings = [first, ...others, ...changesOf(seed, sketches, FAULTS_MS)].toSorted(
    (a, b) => a.at - b.at,
  );
  const endsWithApply = random.chance(0.6);
  const throws = throwsOf(seed);
  const hasWriters = new Random(seed, 'writers').chance(WITH_WRITERS);
  return { seed, sketches, happenings, endsWithApply, ...(throws > 0 && { throws }), hasWriters };
}

/** Of a die of its own, so that the rest of a schedule is what it was before there were any. */
function throwsOf(seed: number): number {
  const random = new Random(seed, 'throws');
  return random.chance(THROWING) ? random.pick([0.01, 0.05, 0.3]) : 0;
}

function sketchOf(random: Random, name: string): Sketch {
  const earlier = JOBS.slice(0, JOBS.indexOf(name as (typeof JOBS)[number]));
  return {
    argument: `v${random.int(1, 4)}`,
    restart: random.weighted({ always: 6, 'on-failure': 2, never: 2 }),
    startMs: random.pick([0, 200, 1_000]),
    backoffMinMs: random.pick([100, 400]),
    maxRestarts: random.chance(0.25) ? random.int(1, 3) : 0,
    stopTimeoutMs: random.pick([300, 1_000, 2_000]),
    testIntervalMs: random.chance(0.2) ? random.pick([1_000, 4_000]) : null,
    hasTest: random.chance(0.5),
    after: earlier.filter(() => random.chance(0.3)),
    instances: random.chance(0.15) ? random.int(0, 2) : null,
    description: random.chance(0.2) ? `words ${random.int(1, 9)}` : null,
    isProbed: random.chance(0.15),
    isWatched: random.chance(0.15),
    schedule: random.chance(0.08) ? random.pick(['every 1s', 'every 5s']) : null,
  };
}

function happeningOf(random: Random, jobs: readonly string[]): Happening {
  // Trouble comes in crowds: half of everything is close to a full second.
  const at = random.chance(0.5)
    ? random.int(1, FAULTS_MS)
    : random.int(0, FAULTS_MS / 1_000 - 1) * 1_000 + random.int(0, 60);
  const kind = random.weighted(KINDS);
  const job = random.pick(jobs);
  switch (kind) {
    case 'ask':
      return {
        at,
        kind,
        request: requestOf(random, jobs),
        vanishesMs: random.chance(0.1) ? random.int(1, 800) : null,
      };
    case 'edit':
      return { at, kind, job, to: random.chance(0.2) ? null : sketchOf(random, job) };
    case 'test':
      return { at, kind, job, says: random.weighted({ pass: 4, fail: 4, unknown: 1, hang: 1 }) };
    case 'touch':
      return { at, kind, job };
    case 'launch':
    case 'loseState':
      return { at, kind };
    case 'kill':
      return { at, kind, power: random.chance(0.3) };
    case 'killAtCall':
      return {
        at: 0,
        kind,
        ...callOf(random),
        when: random.pick(['before', 'after']),
        power: random.chance(0.4),
      };
    case 'full':
    case 'noSync':
    case 'noConfigFiles':
    case 'brokenConfig':
      return { at, kind, forMs: random.int(5, 1_500) };
    case 'noSpawn':
      return { at, kind, forMs: random.int(5, 1_500), lasting: random.chance(0.4) };
    case 'wallJump':
      return { at, kind, byMs: random.int(-5_000_000, 5_000_000) };
    case 'strike':
      return { at, kind, job, signal: random.pick(['SIGKILL', 'SIGTERM']) };
    default:
      return kind satisfies never;
  }
}

/** Any call, or one of those after which much depends on what is kept. */
function callOf(random: Random): { readonly of: string; readonly call: number } {
  if (random.chance(0.4)) return { of: '', call: random.int(1, 900) };
  const of = random.pick([
    'reply answer',
    'reply answer',
    'put',
    'delete',
    'launch',
    'release',
    'signal',
    'sync',
    'recordedExit',
    'clear',
  ]);
  return { of, call: random.int(1, of === 'put' ? 200 : 12) };
}

function requestOf(random: Random, jobs: readonly string[]): Request {
  const all = random.chance(0.2);
  const named = all ? [] : jobs.filter(() => random.chance(0.5));
  const some = all || named.length > 0 ? named : [random.pick(jobs)];
  const name = random.weighted({
    apply: 30,
    plan: 5,
    status: 4,
    why: 1,
    start: 16,
    stop: 20,
    restart: 12,
    signal: 2,
    DIE: 8,
  });
  switch (name) {
    case 'apply':
      return apply(random);
    case 'plan':
      return { name, configDir: CONFIG_DIR, allowEmpty: false };
    case 'status':
      return { name, jobs: [] };
    case 'why':
      return { name, job: random.pick(jobs) };
    case 'start':
    case 'restart':
      return { name, jobs: some, all, wait: random.chance(0.7) };
    case 'stop':
      return { name, jobs: some, all };
    case 'signal':
      return {
        name,
        signal: random.pick(['SIGHUP', 'SIGTERM', 'SIGKILL']),
        jobs: some.length === 0 ? [random.pick(jobs)] : some,
      };
    case 'DIE':
      return { name, keepJobs: random.chance(0.4) };
    default:
      return name satisfies never;
  }
}

function apply(random: Random): Request {
  return { name: 'apply', configDir: CONFIG_DIR, wait: random.chance(0.7), allowEmpty: random.chance(0.3) };
}
