import { JOB_STATES } from '../../src/config/state-words.ts';
import { Random } from '../support/random.ts';
import { MEMORY_LIMIT } from './memory.ts';
import type { Happening, Schedule } from './schedule.ts';
import type { Sketch, Sketches } from './sketch.ts';

/** What a job may be beside the plain kind: a one-shot, a scheduled job, one with a tag, a disabled one. */
type Parts = Partial<Sketch>;

/** The jobs that may have the tag, and those that may come after it: no circle can come of that. */
const TAGGED = ['a', 'b'];
const TAG = 't';

/** Dice of their own, so that the rest of a schedule is what it was before there were parts. */
export function withParts(seed: number, sketches: Sketches): Sketches {
  return Object.fromEntries(
    Object.entries(sketches).map(([name, sketch]) => [
      name,
      {
        ...sketch,
        ...partsOf(new Random(seed, 'parts', name, 'first'), name, sketch),
        ...checkOf(new Random(seed, 'check', name)),
        ...limitsOf(new Random(seed, 'limits', name)),
        ...logOf(new Random(seed, 'log', name)),
        ...readinessOf(new Random(seed, 'readiness', name)),
        ...watchOf(seed, name, sketches),
      },
    ]),
  );
}

export function happeningWithParts(
  { seed, sketches }: Pick<Schedule, 'seed' | 'sketches'>,
  happening: Happening,
  nth: number,
): Happening {
  if (happening.kind === 'ask' && happening.request.name === 'restart') {
    const rolling = new Random(seed, 'rolling', nth).chance(0.4);
    return rolling ? { ...happening, request: { ...happening.request, rolling } } : happening;
  }
  if (happening.kind !== 'edit' || happening.to === null) return happening;
  const { job, to } = happening;
  const parts = partsOf(new Random(seed, 'parts', job, nth), job, to);
  // Most edits leave the limits of a job as they are.
  const limits = new Random(seed, 'limits', job, nth).chance(0.7) ? [job] : [job, nth];
  return {
    ...happening,
    to: {
      ...to,
      ...parts,
      ...otherCheckOf(sketches[job], new Random(seed, 'check', job, nth)),
      ...limitsOf(new Random(seed, 'limits', ...limits)),
      ...logOf(new Random(seed, 'log', ...limits)),
      ...readinessOf(new Random(seed, 'readiness', job, nth)),
      ...watchOf(seed, job, sketches),
    },
  };
}

const WATCHING_WORLDS = 0.15;

/** When a change after the faults may come: every job is up by then, and at rest again before the end. */
const QUIET = { fromMs: 8_000, toMs: 18_000 } as const;

/** In some worlds the last job, after which no other comes, is up for its watched files and nothing else. */
function watchOf(seed: number, name: string, sketches: Sketches): Parts {
  if (name !== Object.keys(sketches).at(-1) || !new Random(seed, 'watched').chance(WATCHING_WORLDS))
    return {};
  return {
    isWatched: true,
    hasTest: false,
    schedule: null,
    restart: 'always',
    enabled: true,
    rolling: false,
  };
}

/** More changes of watched files than the plain dice bring. */
export function changesOf(seed: number, sketches: Sketches, faultsMs: number): readonly Happening[] {
  const random = new Random(seed, 'changes');
  const watched = Object.keys(sketches).filter((name) => sketches[name]?.isWatched === true);
  return watched.flatMap((job) =>
    Array.from({ length: random.int(0, 6) }, () => ({
      // Half of them when the faults have ended, and every job is up that is wanted.
      at: random.chance(0.5) ? random.int(1, faultsMs) : faultsMs + random.int(QUIET.fromMs, QUIET.toMs),
      kind: 'touch' as const,
      job,
    })),
  );
}

function checkOf(random: Random): Parts {
  if (!random.chance(0.15)) return {};
  return {
    aliveFailures: random.int(2, 3),
    aliveIntervalMs: random.pick([200, 700]),
    alivePort: random.int(1, 3),
  };
}

/** Most edits of a job with such a check change it and not the program, so that another one goes on. */
function otherCheckOf(first: Sketch | undefined, random: Random): Parts {
  if (first?.aliveIntervalMs === undefined || random.chance(0.2)) return {};
  const { argument, aliveFailures = 2, aliveIntervalMs } = first;
  return { argument, aliveFailures, aliveIntervalMs, alivePort: random.int(1, 3) };
}

function limitsOf(random: Random): Parts {
  return {
    maxMemoryBytes: random.chance(0.2) ? MEMORY_LIMIT : null,
    stdin: random.chance(0.15),
    // A change of these restarts the job, since its program sees them.
    nice: random.chance(0.15) ? random.int(1, 19) : null,
    limits: random.chance(0.15) ? { nofile: random.int(64, 99) } : {},
  };
}

function readinessOf(random: Random): Parts {
  return { saysReady: random.chance(0.5) };
}

function logOf(random: Random): Parts {
  return {
    log: {
      maxBytes: random.pick([60, 150, 400]),
      keep: random.pick([0, 1, 2, 3]),
      rotate: random.weighted({ pause: 6, truncate: 2, off: 1 }),
    },
  };
}

function partsOf(random: Random, name: string, { after }: Sketch): Parts {
  const isTagged = TAGGED.includes(name) && random.chance(0.4);
  const comesAfterTag = !TAGGED.includes(name) && random.chance(0.3);
  return {
    ...kindOf(random),
    enabled: !random.chance(0.12),
    aliveFailures: random.chance(0.12) ? random.int(1, 2) : 0,
    successCodes: random.pick([[0], [0], [0], [0, 3], [0, 1]]),
    tags: isTagged ? [TAG] : [],
    after: comesAfterTag ? [...after, `tag:${TAG}`] : after,
    afterIs: Object.fromEntries(
      after
        .filter(() => random.chance(0.2))
        .map((other) => [other, random.pick(['running', 'finished'] as const)]),
    ),
    hooks: random.chance(0.4) ? JOB_STATES.filter(() => random.chance(0.4)) : [],
    ...(random.chance(0.25) && { instances: 2, rolling: true }),
  };
}

function kindOf(random: Random): Parts {
  switch (random.weighted({ plain: 5, oneShot: 2, scheduled: 2, slow: 1 })) {
    case 'plain':
      return {};
    case 'oneShot':
      return { restart: 'never', isProbed: false, schedule: null, isWatched: false };
    case 'scheduled':
      return {
        schedule: random.pick(['every 1s', 'every 5s', 'every 10m']),
        restart: random.weighted({ 'on-failure': 3, always: 1, never: 1 }),
        maxRestarts: random.int(0, 2),
        runAtStart: random.chance(0.5),
      };
    case 'slow':
      return { isProbed: true, readyWithinMs: random.pick([300, 900, 2_000]) };
  }
}
