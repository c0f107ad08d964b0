import type { JobState } from '../plan/job-state.ts';
import type { CountsAs, JobInstance } from './job-instance.ts';
import type { Fleet } from './fleet.ts';

/** States that a job leaves only when somebody changes its config, starts it or stops it. */
const LASTING: readonly JobState[] = ['failed', 'finished', 'stopped'];

/**
 * Why a job cannot get where it is waited for: where it is stuck itself, or which job it waits for in vain.
 */
export interface Obstacle {
  readonly name: string;
  readonly state: JobState;
  /** How its newest run ended, where that is why. */
  readonly exit: { readonly code: number | null; readonly signal: string | null } | null;
  /**
   * It is never in that state, whatever happens: because of its restart policy, its schedule, or for want of
   * a test.
   */
  readonly never: 'restarts' | 'scheduled' | 'untested' | null;
  readonly waitsFor: Obstacle | null;
}

type FleetPart = Pick<Fleet, 'unmet' | 'isQueuedToStop'>;

/** What keeps an instance from getting into one of these states by itself; null while it still may. */
export function obstacleTo(
  fleet: FleetPart,
  instance: JobInstance,
  states: readonly JobState[],
): Obstacle | null {
  return obstacle(fleet, instance, { states, seen: new Set() });
}

interface Goal {
  readonly states: readonly JobState[];
  /** A circle of dependencies is refused in the config, but a copy may come after its own job. */
  readonly seen: ReadonlySet<string>;
}

function obstacle(fleet: FleetPart, instance: JobInstance, { states, seen }: Goal): Obstacle | null {
  const { name, state } = instance;
  if (states.includes(state) || seen.has(name)) return null;
  // A restart, or a test that is running, may yet change where it is.
  if (fleet.isQueuedToStop(instance) || instance.isTesting) return null;
  const stuck = { name, state, exit: endOf(instance), never: null, waitsFor: null };
  if (LASTING.includes(state) || instance.isHeldByConfig) return stuck;
  const never = states.map((goal) => neverIs(instance, goal));
  if (never.every((reason) => reason !== null)) return { ...stuck, never: never[0] ?? null };
  if (state !== 'waiting' || !states.every(comesAfterAStart)) return null;
  for (const { other, is } of fleet.unmet(instance)) {
    const waitsFor = obstacle(fleet, other, { states: statesFor(is, other), seen: new Set([...seen, name]) });
    if (waitsFor !== null) return { ...stuck, exit: null, waitsFor };
  }
  return null;
}

/** A job may be stopped by hand, or held by its test, without having been started. */
const comesAfterAStart = (goal: JobState): boolean => goal !== 'stopped' && goal !== 'held';

/** A scheduled job has finished when it waits for its next time. */
function statesFor(is: CountsAs, { job }: JobInstance): readonly JobState[] {
  if (is === 'running') return ['running'];
  const finished: readonly JobState[] = job.schedule === null ? ['finished'] : ['waiting', 'running'];
  return is === 'finished' ? finished : ['running', ...finished];
}

function neverIs({ job }: JobInstance, goal: JobState): Obstacle['never'] {
  switch (goal) {
    case 'finished':
      if (job.schedule !== null) return 'scheduled';
      return job.restart === 'always' ? 'restarts' : null;
    case 'failed':
      return job.schedule !== null ? 'scheduled' : null;
    case 'testing':
      return job.test === null ? 'untested' : null;
    case 'waiting':
    case 'held':
    case 'starting':
    case 'running':
    case 'stopping':
    case 'backoff':
    case 'stopped':
      return null;
    default:
      return goal satisfies never;
  }
}

function endOf({ state, snapshot }: JobInstance): Obstacle['exit'] {
  const { lastExit, startError } = snapshot.context;
  if (state === 'stopped' || startError !== null || lastExit === null) return null;
  return { code: lastExit.code, signal: lastExit.signal };
}
