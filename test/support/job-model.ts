import { isDeepStrictEqual } from 'node:util';
import type { JobEffect, JobEvent, JobInput, JobSnapshot, Policy } from '../../machines/job.ts';
import { jobMachine } from '../../machines/job.ts';
import type { Happening, Scenario } from './job-happenings.ts';
import { crashed, happenings, isStale } from './job-happenings.ts';
import type { JobWorld } from './job-world.ts';
import { EMPTY_WORLD, performed } from './job-world.ts';
import type { Edge, Model } from './model.ts';
import { explore } from './model.ts';
import { PureChart } from './pure-step.ts';

/** A job and its world after a step. */
export interface JobState {
  readonly snapshot: JobSnapshot;
  readonly world: JobWorld;
  readonly effects: readonly string[];
  readonly taken: readonly string[];
  /** How it came to be, for the message when something is wrong. */
  readonly came: { readonly label: string; readonly from: JobState } | null;
}

const ON_CHILD: ReadonlySet<string> = new Set<JobEffect>([
  'spawnChild',
  'releaseChild',
  'stopGroup',
  'killGroup',
  'forgetJob',
]);

/** Delays that all differ, so that a timer is known by its time. */
export const POLICY: Policy = {
  restart: 'always',
  startMs: 1_100,
  backoffMinMs: 100,
  backoffMaxMs: 800,
  backoffFactor: 2,
  maxRestarts: 0,
  successCodes: [0],
  stopTimeoutMs: 10_000,
  testTimeoutMs: 7_000,
  testIntervalMs: null,
  readyTimeoutMs: 5_000,
  hasTest: false,
  hasReady: false,
  hasSchedule: false,
  runAtStart: false,
  hasDependencies: false,
  isEnabled: true,
  hasAlive: false,
  aliveSpec: null,
  aliveFailures: 0,
  maxMemoryBytes: null,
};

/**
 * A job in its simulated world: what can happen to it, what it does then, and what must hold after each step.
 */
export class JobModel {
  readonly #chart: PureChart<typeof jobMachine>;
  readonly #scenario: Scenario;
  readonly #happenings: ReadonlyMap<string, Happening>;

  constructor(scenario: Scenario, machine = jobMachine) {
    this.#chart = new PureChart(machine);
    this.#scenario = scenario;
    this.#happenings = new Map(happenings(scenario).map((happening) => [happening.label, happening]));
  }

  get transitions(): readonly string[] {
    return this.#chart.transitions;
  }

  get input(): JobInput {
    return { name: 'web', policy: this.#scenario.policy, spec: 'a' };
  }

  explored(): Model<JobState> {
    return explore<JobState>({
      start: this.begun(),
      labels: (state) => this.labels(state),
      step: (state, label) => this.step(state, label),
      key: keyOf,
      limit: 400_000,
    });
  }

  begun(): JobState {
    const { after, effects, taken } = this.#chart.begin(this.input);
    return this.#checked({
      snapshot: after,
      world: effects.reduce((world, effect) => performed(world, effect as JobEffect), EMPTY_WORLD),
      effects,
      taken,
      came: null,
    });
  }

  /** What tells a configuration from another. */
  key(state: JobState): string {
    return keyOf(state);
  }

  /** A forgotten job hears of nothing any more, unless a crash came first. */
  labels({ snapshot, world }: JobState): readonly string[] {
    if (snapshot.value.child === 'Gone') return ['Restored'];
    const possible = [...this.#happenings.values()]
      .filter(({ can }) => can(world, snapshot))
      .map(({ label }) => label);
    return [...possible, ...timersOf(snapshot)];
  }

  event(label: string, snapshot: JobSnapshot): JobEvent {
    return this.#happenings.get(label)?.event(snapshot) ?? ({ type: label } as unknown as JobEvent);
  }

  #worldBefore(label: string, { snapshot, world }: JobState): JobWorld {
    return this.#happenings.get(label)?.world(world, snapshot) ?? world;
  }

  /**
   * Where the job is when the daemon ended at once between keeping a step and performing its effects, and
   * another daemon has taken it up: a child that is on record and not there any more is first found dead.
   */
  lost({ before, label, after }: Edge<JobState>): JobState {
    const left = crashed(this.#worldBefore(label, before));
    const { child, run } = after.snapshot.context;
    const isFoundDead =
      child !== null && left.group === 'none' && !after.snapshot.matches({ child: 'Ending' });
    const found: JobEvent = { type: 'ChildExited', run, code: null, signal: null, at: 'now' };
    const start: JobState = { ...after, world: isFoundDead ? { ...left, group: 'leaderless' } : left };
    const events: readonly JobEvent[] = [...(isFoundDead ? [found] : []), { type: 'Restored' }];
    const taken = events.reduce((state, event) => this.#taken(state, event, state.world), start);
    if (after.snapshot.value.child === 'Gone' && !taken.effects.includes('forgetJob'))
      throw new Error('a removed job is never forgotten');
    return this.#checked(taken);
  }

  step(before: JobState, label: string): JobState {
    try {
      const event = this.event(label, before.snapshot);
      const after = this.#taken(before, event, this.#worldBefore(label, before));
      if (isStale(label)) assertUnchanged(before.snapshot, after);
      if (event.type === 'Apply') this.#assertApplied(after, event);
      return this.#checked({ ...after, came: { label, from: before } });
    } catch (cause) {
      const path = [...pathTo(before), `${label} in ${JSON.stringify(before.snapshot.value)}`];
      throw new Error(`${(cause as Error).message}, after ${path.join(' → ')}`, { cause });
    }
  }

  /** An `Apply` puts its config in force, and the same config again does nothing to the child. */
  #assertApplied(after: JobState, event: JobEvent & { readonly type: 'Apply' }): void {
    assertConfigured(after.snapshot, event);
    const { effects } = this.#chart.step(after.snapshot, event);
    const again = effects.filter((effect) => ON_CHILD.has(effect));
    if (again.length > 0) throw new Error(`the same config once more asks for ${again.join(', ')}`);
  }

  #taken(before: JobState, event: JobEvent, world: JobWorld): JobState {
    const { after, effects, taken } = this.#chart.step(before.snapshot, event);
    if (effects.includes('spawnChild') && after.context.run <= before.snapshot.context.run)
      throw new Error('a run has the number of an older one');
    return {
      ...before,
      snapshot: after,
      world: effects.reduce((now, effect) => performed(now, effect as JobEffect), world),
      effects,
      taken,
    };
  }

  #checked(state: JobState): JobState {
    const wrong = problemOf(state);
    if (wrong !== null) throw new Error(`${wrong}: ${JSON.stringify(state.snapshot.value)}`);
    return state;
  }
}

/** The types of the timers that run in the states of a snapshot. */
export function timersOf(snapshot: JobSnapshot): readonly string[] {
  const { _nodes } = snapshot as unknown as {
    readonly _nodes: readonly { readonly after: readonly { readonly eventType: string }[] }[];
  };
  return [...new Set(_nodes.flatMap(({ after }) => after.map(({ eventType }) => eventType)))];
}

function pathTo({ came }: JobState): readonly string[] {
  return came === null ? [] : [...pathTo(came.from), came.label];
}

function assertUnchanged(before: JobSnapshot, { snapshot, effects }: JobState): void {
  if (snapshot === before && effects.length === 0) return;
  const isSame = isDeepStrictEqual([before.value, before.context], [snapshot.value, snapshot.context]);
  if (!isSame || effects.length > 0) {
    throw new Error(
      `a stale fact led to ${JSON.stringify(snapshot.value)} with ${effects.join(', ') || 'no effects'}`,
    );
  }
}

function assertConfigured(
  { context }: JobSnapshot,
  { policy, spec }: Pick<JobInput, 'policy' | 'spec'>,
): void {
  if (!isDeepStrictEqual([context.policy, context.spec], [policy, spec]))
    throw new Error('a config was not taken over');
}

/** The invariants that one configuration can break; null when all of them hold. */
function problemOf({ snapshot, world, effects }: JobState): string | null {
  const { value, context } = snapshot;
  const isLive = world.group !== 'none';
  const isOnItsWay = snapshot.matches({ child: 'Ending' });
  const isUp = snapshot.matches({ child: 'Up' });
  if (isLive && !isOnItsWay && !(isUp && value.want === 'Yes'))
    return 'a child lives though it is neither wanted nor on its way out';
  if (context.child !== null && !isOnItsWay && !isUp)
    return 'a child is on record that is neither up nor on its way out';
  if (effects.includes('spawnChild') && context.policy.hasDependencies && !context.dependenciesUp)
    return 'a child is asked for before what it comes after is up';
  if (snapshot.matches({ child: { AtRest: 'Backoff' } }) && value.want !== 'Yes')
    return 'a child is to come back that nobody has said should run';
  if (
    snapshot.matches({ child: { AtRest: 'Ended' } }) &&
    value.want === 'Yes' &&
    context.spec !== context.runSpec
  )
    return 'a job that has ended has not run what its config names';
  if (world.isHeldByHand && !snapshot.matches({ want: { No: 'ByHand' } }))
    return 'a stop by hand was forgotten';
  if (value.want === 'Yes' && !context.policy.isEnabled && !world.isStartedByHand)
    return 'a disabled job is wanted that nobody has started';
  if (context.awaitsTurn && !isUp && !isOnItsWay) return 'a child waits for its turn that is not there';
  if (context.restartAsked && !isUp) return 'a child is to be restarted that is not up';
  if (context.restartAsked && !world.isTesting) return 'a restart waits for a test that does not run';
  if (snapshot.matches({ child: { Up: 'Running' } }) && context.aliveFailures !== world.failedChecks)
    return 'another number of failed checks is counted than the present check has had';
  if ((value.test === 'Testing') !== world.isTesting) return 'the chart and the world differ about a test';
  const stuck = stuckReason(snapshot, world);
  return stuck === null ? null : `stuck: ${stuck}`;
}

const isCheckWanted = ({ hasAlive, maxMemoryBytes }: Policy): boolean => hasAlive || maxMemoryBytes !== null;

/** Why nothing will ever move a child that is not at rest. */
function stuckReason(snapshot: JobSnapshot, world: JobWorld): string | null {
  const { context, value } = snapshot;
  const isWanted = value.want === 'Yes';
  if (snapshot.matches({ child: { Waiting: 'ForTime' } }) && !world.isAwaitingDue)
    return 'waits for a time that nobody watches';
  if (
    snapshot.matches({ child: { Waiting: 'ForDependencies' } }) &&
    (!context.policy.hasDependencies || context.dependenciesUp)
  )
    return 'waits for others that are up';
  if (snapshot.matches({ child: { Waiting: 'ForTest' } }) && !world.isTesting)
    return 'waits for a test that does not run';
  if (snapshot.matches({ child: { Up: { Starting: 'Spawning' } } }) && world.group !== 'queued')
    return 'waits for a child that nobody spawns';
  if (snapshot.matches({ child: { Up: 'Running' } }) && world.group !== 'live') return 'runs without a child';
  if (snapshot.matches({ child: { Up: 'Running' } }) && isCheckWanted(context.policy) && !world.isChecked)
    return 'runs without the check that its config asks for';
  if (snapshot.matches({ child: 'Ending' }) && !world.isStopAsked) return 'ends without having been asked to';
  if (snapshot.matches({ child: { AtRest: 'Down' } }) && (isWanted || value.want === 'Removed'))
    return 'rests though it should move';
  return null;
}

/**
 * Two configurations are the same when nothing that can still happen tells them apart: no numbers, and only
 * what matters where it is.
 */
function keyOf({ snapshot, world }: JobState): string {
  const { context, value } = snapshot;
  const { policy } = context;
  const isChildUp = world.group !== 'none';
  const mayComeBack =
    snapshot.matches({ child: 'Ending' }) || snapshot.matches({ child: { AtRest: 'Ended' } });
  return JSON.stringify([
    value,
    Object.values(world),
    Object.values(policy),
    policy.hasDependencies && context.dependenciesUp,
    context.owesRun,
    context.child !== null,
    mayComeBack && (context.ending === 'itself' ? context.lastExit?.code === 0 : context.ending),
    policy.maxRestarts > 0 && Math.min(context.failures, policy.maxRestarts),
    // A failed start counts, a later exit of a job that is meant to stay up does not.
    isChildUp && context.reachedRunning,
    (isChildUp || mayComeBack) && context.spec === context.runSpec,
    snapshot.matches({ child: 'Up' }) && [context.aliveFailures, context.isOverMemory],
    context.restartAsked,
    snapshot.matches({ child: 'Up' }) && context.awaitsTurn,
    context.hasRunThisSpec,
  ]);
}
