import { isMeant } from '../../src/plan/names.ts';
import type { Instance } from '../../src/plan/instances.ts';
import { globsOf } from './watched-files.ts';
import { LEAST_JOB } from '../support/least-job.ts';
import type { JobState } from '../../src/config/state-words.ts';
import { wordForTag } from '../../src/config/tag-word.ts';
import type { Config, DependencyState, Job, RestartPolicy } from '../../src/config/config.ts';

/** What of a job differs from world to world, and from edit to edit. */
export interface Sketch {
  /** Stands for everything that the child itself sees. */
  readonly argument: string;
  readonly restart: RestartPolicy;
  readonly startMs: number;
  readonly backoffMinMs: number;
  readonly maxRestarts: number;
  readonly stopTimeoutMs: number;
  readonly testIntervalMs: number | null;
  readonly hasTest: boolean;
  readonly after: readonly string[];
  readonly instances: number | null;
  readonly description: string | null;
  readonly isProbed: boolean;
  readonly isWatched: boolean;
  readonly schedule: string | null;
  /** What later versions of the simulation have; a schedule that was saved earlier has none of it. */
  readonly runAtStart?: boolean;
  readonly successCodes?: readonly number[];
  readonly enabled?: boolean;
  readonly tags?: readonly string[];
  readonly afterIs?: Readonly<Record<string, DependencyState>>;
  readonly readyWithinMs?: number;
  /** It is ready when it has said so in its log, and not when it answers on its port. */
  readonly saysReady?: boolean;
  /** It has an `alive` check, and is stopped after this many failures; 0 for none. */
  readonly aliveFailures?: number;
  /** Where it asks; another port is another check. */
  readonly alivePort?: number;
  readonly aliveIntervalMs?: number;
  /** The memory that its processes may have; null where it has no limit. */
  readonly maxMemoryBytes?: number | null;
  readonly stdin?: boolean;
  readonly nice?: number | null;
  readonly limits?: Job['limits'];
  readonly log?: {
    readonly maxBytes: number;
    readonly keep: number;
    readonly rotate: 'pause' | 'truncate' | 'off';
  };
  /** Its copies are replaced one at a time. */
  readonly rolling?: boolean;
  /** The states for which it has a hook. */
  readonly hooks?: readonly JobState[];
}

export type Sketches = Readonly<Record<string, Sketch>>;

/** The last word of the line by which a program says that it is ready. */
export const READY_WORD = 'ready';
const READY_PATTERN = ` ${READY_WORD}$`;

const TEST_TIMEOUT_MS = 1_000;
const BACKOFF_MAX_MS = 1_600;

/** The config that the sketches make, as reading the files would. */
export function configOf(sketches: Sketches): Config {
  return { jobs: Object.entries(sketches).map(([name, sketch]) => jobOf(name, sketch, sketches)) };
}

function jobOf(name: string, sketch: Sketch, all: Sketches): Job {
  const {
    argument,
    backoffMinMs,
    hasTest,
    after,
    isProbed,
    isWatched,
    readyWithinMs = 60_000,
    saysReady = false,
    aliveFailures = 0,
    alivePort = 1,
    aliveIntervalMs = 700,
    maxMemoryBytes = null,
    log,
    hooks = [],
    ...rest
  } = sketch;
  const tags = new Set(Object.values(all).flatMap((each) => (each.tags ?? []).map(wordForTag)));
  return {
    ...LEAST_JOB,
    ...rest,
    name,
    command: { exe: '/bin/program', args: [argument] },
    test: hasTest ? { exe: '/bin/test', args: [name] } : null,
    cwd: '/home/user',
    backoff: { minMs: backoffMinMs, maxMs: BACKOFF_MAX_MS, factor: 2 },
    testTimeoutMs: TEST_TIMEOUT_MS,
    after: after.filter((other) => other in all || tags.has(other)),
    ready: isProbed ? readyOf(name, { saysReady, withinMs: readyWithinMs }) : null,
    alive:
      aliveFailures > 0
        ? {
            kind: 'tcp',
            host: name,
            port: alivePort,
            intervalMs: aliveIntervalMs,
            timeoutMs: 200,
            failures: aliveFailures,
          }
        : null,
    maxMemoryBytes,
    watch: isWatched ? globsOf(name) : [],
    on: Object.fromEntries(hooks.map((state) => [state, { exe: '/bin/hook', args: [state] }])),
    log: { ...(log ?? { maxBytes: 1_000_000, keep: 5, rotate: 'off' }), outputs: 'pipe' },
  };
}

function readyOf(
  name: string,
  { saysReady, withinMs }: { readonly saysReady: boolean; readonly withinMs: number },
): Job['ready'] {
  return saysReady
    ? { kind: 'log', pattern: READY_PATTERN, intervalMs: 100, timeoutMs: 500, withinMs }
    : { kind: 'tcp', host: name, port: 1, intervalMs: 100, timeoutMs: 500, withinMs };
}

/** What a job that comes after another waits for of it; null where it does not wait for it. */
export function awaitedOf(job: Job, { name, job: other }: Instance): DependencyState | 'up' | null {
  const named = { name, job: other.name, tags: other.tags };
  const words = job.after.filter((word) => isMeant(named, word));
  if (words.length === 0) return null;
  const stated = words.map((word) => job.afterIs[word]).find((is) => is !== undefined);
  return stated ?? (isOneShot(other) ? 'finished' : 'up');
}

/** A job that ends by itself when all is well, and is not started again. */
const isOneShot = ({ restart, ready, schedule }: Job): boolean =>
  restart === 'never' && ready === null && schedule === null;

/** The names of all instances that a job may have in any world. */
export const instancesNamed = (job: string): readonly string[] => [job, `${job}@1`, `${job}@2`];

/** The job of an instance: `web` of `web@2`. */
export function jobNameOf(instance: string): string {
  return instance.split('@')[0] as string;
}

/** The instance to which a test or a hook belongs, by its environment. */
export function instanceOf(env: Readonly<Record<string, string>>): string {
  const number = env['OVERSEER_INSTANCE'];
  return `${env['OVERSEER_JOB']}${number === undefined ? '' : `@${number}`}`;
}
