import type { JobState } from '../plan/job-state.ts';
import { DependencyAnswers } from './dependency-answers.ts';
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
   * Why it can never be in that state: because of its restart policy or its schedule, or because it has no
   * test.
   */
  readonly never: 'restarts' | 'scheduled' | 'untested' | null;
  readonly waitsFor: Obstacle | null;
}

type FleetPart = Pick<Fleet, 'unmet' | 'isQueuedToStop'>;

/** Tells what keeps an instance from these states; null while it may still get there by itself. */
export type Obstacles = (instance: JobInstance, states: readonly JobState[]) => Obstacle | null;

interface Goal {
  readonly instance: JobInstance;
  readonly states: readonly JobState[];
}

/** Tells what keeps an instance from getting into some states by itself. Holds until something moves. */
export function obstacles(fleet: FleetPart): Obstacles {
  // A circle of dependencies is refused in the config, but a copy may come after its own job.
  const answers = new DependencyAnswers<Goal, Obstacle | null>({
    keyOf: ({ instance: { name }, states }) => `${name} ${states.join()}`,
    needs: (goal) => (waitsForOthers(fleet, goal) ? goalsOf(fleet, goal.instance) : []),
    answer: (goal, of) => obstacle(fleet, goal, (other) => of(other) ?? null),
  });
  return (instance, states) => answers.of({ instance, states });
}

function obstacle(fleet: FleetPart, goal: Goal, of: (other: Goal) => Obstacle | null): Obstacle | null {
  const own = ownObstacle(fleet, goal);
  if (own !== undefined) return own;
  const { name, state } = goal.instance;
  for (const other of goalsOf(fleet, goal.instance)) {
    const waitsFor = of(other);
    if (waitsFor !== null) return { name, state, exit: null, never: null, waitsFor };
  }
  return null;
}

const waitsForOthers = (fleet: FleetPart, goal: Goal): boolean => ownObstacle(fleet, goal) === undefined;

/** What must become of those that an instance waits for. */
const goalsOf = (fleet: FleetPart, instance: JobInstance): readonly Goal[] =>
  fleet.unmet(instance).map(({ other, is }) => ({ instance: other, states: statesFor(is, other) }));

/** The obstacle in an instance itself, null for none, undefined where those decide that it waits for. */
function ownObstacle(fleet: FleetPart, { instance, states }: Goal): Obstacle | null | undefined {
  const { name, state } = instance;
  if (states.includes(state)) return null;
  // A restart, or a test that is running, may yet change where it is.
  if (fleet.isQueuedToStop(instance) || instance.isTesting) return null;
  const stuck = { name, state, exit: endOf(instance), never: null, waitsFor: null };
  if (LASTING.includes(state) || instance.isHeldByConfig) return stuck;
  const never = states.map((goal) => neverIs(instance, goal));
  if (never.every((reason) => reason !== null)) return { ...stuck, never: never[0] ?? null };
  return state === 'waiting' && states.every(comesAfterAStart) ? undefined : null;
}

/**
 * Whether a job reaches the state only after a start: it may be stopped by hand, or held by its test, without
 * one.
 */
const comesAfterAStart = (goal: JobState): boolean => goal !== 'stopped' && goal !== 'held';

/** Where a job is what others wait for. A scheduled one has finished when it waits for its next time. */
export function statesFor(is: CountsAs, { job }: JobInstance): readonly JobState[] {
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
