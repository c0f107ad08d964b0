import type { JobEvent, JobSnapshot, Policy } from '../../machines/job.ts';
import type { JobWorld } from './job-world.ts';

/**
 * Something that can happen to a job: its event, and what it means for the world before the chart hears of
 * it.
 */
export interface Happening {
  readonly label: string;
  readonly can: (world: JobWorld, snapshot: JobSnapshot) => boolean;
  readonly event: (snapshot: JobSnapshot) => JobEvent;
  readonly world: (world: JobWorld, snapshot: JobSnapshot) => JobWorld;
}

const CHILD = { pid: 4242, start: '17', boot: 'b', at: 'now' };
const VERDICT = { exitCode: 0, at: 'now', detail: 'exited', output: '' };

/** What a job is configured with, and what a later config makes of it. */
export interface Scenario {
  readonly policy: Policy;
  readonly other: Policy;
}

/** Everything that people, the daemon, the child and the test can do to a job. */
export function happenings(scenario: Scenario): readonly Happening[] {
  return [...requests(scenario), ...childFacts(), ...testFacts(), ...staleFacts()];
}

function requests({ policy, other }: Scenario): readonly Happening[] {
  const apply = (
    label: string,
    change: (now: JobSnapshot['context']) => Omit<Extract<JobEvent, { readonly type: 'Apply' }>, 'type'>,
  ): Happening => ({
    ...happening(label, ({ context }) => ({ type: 'Apply', ...change(context) })),
    world: (world, { context }) => ({
      ...world,
      isDying: false,
      failedChecks: change(context).policy.aliveSpec === context.policy.aliveSpec ? world.failedChecks : 0,
      isStartedByHand:
        world.isStartedByHand && !context.policy.isEnabled && !change(context).policy.isEnabled,
    }),
  });
  return [
    apply('Apply', ({ policy: now, spec }) => ({ policy: now, spec })),
    apply('Apply another program', ({ policy: now, spec }) => ({
      policy: now,
      spec: spec === 'a' ? 'b' : 'a',
    })),
    apply('Apply another program in its turn', ({ policy: now, spec }) => ({
      policy: now,
      spec: spec === 'a' ? 'b' : 'a',
      inTurn: true,
    })),
    apply('Apply another policy', ({ policy: now, spec }) => ({
      policy: isEqual(now, policy) ? other : policy,
      spec,
    })),
    {
      ...happening('Stop', () => ({ type: 'Stop' })),
      world: (world, { value }) =>
        value.want === 'Removed' ? world : { ...world, isHeldByHand: true, isStartedByHand: false },
    },
    {
      ...happening('Start', () => ({ type: 'Start' })),
      world: (world, { context }) => ({
        ...startedByHand(world),
        isStartedByHand: !context.policy.isEnabled && (!world.isDying || world.isHeldByHand),
      }),
    },
    { ...happening('Restart', () => ({ type: 'Restart' })), world: startedByHand },
    {
      ...happening('Remove', () => ({ type: 'Remove' })),
      world: (world) => ({ ...world, isHeldByHand: false, isStartedByHand: false }),
    },
    {
      ...happening('Die', () => ({ type: 'Die' })),
      world: (world) => ({ ...world, isDying: true, isStartedByHand: false }),
    },
    { ...happening('Restored', () => ({ type: 'Restored' })), world: crashed },
    ...(['DependenciesUp', 'DependenciesDown'] as const).map((type) =>
      happening(
        type,
        () => ({ type }),
        () => policy.hasDependencies || other.hasDependencies,
      ),
    ),
    happening(
      'Due',
      () => ({ type: 'Due' }),
      ({ isAwaitingDue }) => isAwaitingDue,
    ),
  ];
}

/** A dying daemon takes no requests; that it is asked for all the same ends only what a person had held. */
function startedByHand(world: JobWorld): JobWorld {
  return { ...world, isHeldByHand: false, isDying: world.isDying && !world.isHeldByHand };
}

/**
 * A daemon that ends at once takes its gated child, its test and its timers with it; a released child lives
 * on.
 */
export function crashed(world: JobWorld): JobWorld {
  const group = world.group === 'queued' || world.group === 'gated' ? 'none' : world.group;
  return {
    ...world,
    group,
    isStopAsked: false,
    isTesting: false,
    isAwaitingDue: false,
    isChecked: false,
    isDying: false,
  };
}

function childFacts(): readonly Happening[] {
  const run = ({ context }: JobSnapshot): { readonly run: number } => ({ run: context.run });
  const isQueued = ({ group }: JobWorld): boolean => group === 'queued';
  const failed = (label: string, lasting: boolean): Happening => ({
    ...happening(
      label,
      (now) => ({ type: 'SpawnFailed', ...run(now), lasting, detail: label }),
      ({ group }, { value }) =>
        group === 'queued' ||
        (group === 'live' &&
          typeof value.child === 'object' &&
          'Up' in value.child &&
          typeof value.child.Up === 'object'),
    ),
    world: (world) => ({ ...world, group: 'none' }),
  });
  const exited = (code: number): Happening => ({
    ...happening(
      `ChildExited ${code}`,
      (now) => ({ type: 'ChildExited', ...run(now), code, signal: null, at: 'now' }),
      ({ group }) => group === 'live' || group === 'gated',
    ),
    world: (world) => ({ ...world, group: 'leaderless' }),
  });
  return [
    {
      ...happening('Spawned', (now) => ({ type: 'Spawned', ...run(now), ...CHILD }), isQueued),
      world: (world) => ({ ...world, group: 'gated' }),
    },
    failed('SpawnFailed for good', true),
    failed('SpawnFailed just now', false),
    happening(
      'Ready',
      (now) => ({ type: 'Ready', ...run(now) }),
      ({ group }, { context }) => group === 'live' && context.policy.hasReady,
    ),
    {
      ...happening(
        'AlivePassed',
        (now) => ({ type: 'AlivePassed', ...run(now) }),
        ({ isChecked }, { context }) => isChecked && context.policy.hasAlive,
      ),
      world: (world, { context }) => (isOutdated(context) ? world : { ...world, failedChecks: 0 }),
    },
    {
      ...happening(
        'AliveFailed',
        (now) => ({ type: 'AliveFailed', ...run(now), detail: 'no answer' }),
        ({ isChecked }, { context }) => isChecked && context.policy.hasAlive,
      ),
      world: (world, { context }) =>
        isOutdated(context) ? world : { ...world, failedChecks: world.failedChecks + 1 },
    },
    happening(
      'OverMemory',
      (now) => ({ type: 'OverMemory', ...run(now), bytes: 200 }),
      ({ isChecked }, { context }) => isChecked && hasMaxMemory(context),
    ),
    happening(
      'WithinMemory',
      (now) => ({ type: 'WithinMemory', ...run(now) }),
      ({ isChecked }, { context }) => isChecked && hasMaxMemory(context),
    ),
    exited(0),
    exited(1),
    {
      ...happening(
        'GroupGone',
        (now) => ({ type: 'GroupGone', ...run(now) }),
        ({ isStopAsked }) => isStopAsked,
      ),
      world: (world) => ({ ...world, group: 'none', isStopAsked: false }),
    },
  ];
}

function testFacts(): readonly Happening[] {
  return (['TestPassed', 'TestFailed', 'TestUnknown'] as const).map((type) => ({
    ...happening(
      type,
      ({ context }) => ({ type, test: context.test, ...VERDICT }),
      ({ isTesting }) => isTesting,
    ),
    world: (world) => ({
      ...world,
      isTesting: false,
      isStartedByHand: world.isStartedByHand && type !== 'TestFailed',
    }),
  }));
}

/**
 * Facts of an older run or test, and those of a test that was cancelled: none of them may change anything.
 */
function staleFacts(): readonly Happening[] {
  const run = ({ context }: JobSnapshot): { readonly run: number } => ({ run: context.run - 1 });
  const results = (['TestPassed', 'TestFailed', 'TestUnknown'] as const).flatMap((type) => [
    happening(`old ${type}`, ({ context }) => ({ type, test: context.test - 1, ...VERDICT })),
    happening(
      `cancelled ${type}`,
      ({ context }) => ({ type, test: context.test, ...VERDICT }),
      ({ isTesting }) => !isTesting,
    ),
  ]);
  return [
    ...results,
    happening('old Spawned', (now) => ({ type: 'Spawned', ...run(now), ...CHILD })),
    happening('old SpawnFailed', (now) => ({
      type: 'SpawnFailed',
      ...run(now),
      lasting: true,
      detail: 'old',
    })),
    happening(
      'old AliveFailed',
      (now) => ({ type: 'AliveFailed', ...run(now), detail: 'old' }),
      (_, { context }) => context.policy.hasAlive,
    ),
    happening(
      'old OverMemory',
      (now) => ({ type: 'OverMemory', ...run(now), bytes: 200 }),
      (_, { context }) => hasMaxMemory(context),
    ),
    happening('old Ready', (now) => ({ type: 'Ready', ...run(now) })),
    happening('old ChildExited', (now) => ({
      type: 'ChildExited',
      ...run(now),
      code: 1,
      signal: null,
      at: 'now',
    })),
    happening('old GroupGone', (now) => ({ type: 'GroupGone', ...run(now) })),
  ];
}

/**
 * Whether people or the daemon ask for it; the rest comes by itself, from the child, the test and the clock.
 */
export function isRequest(label: string): boolean {
  return /^(Apply|Remove|Start|Stop|Restart|Die|Restored)\b/.test(label);
}

export function isStale(label: string): boolean {
  return label.startsWith('old ') || label.startsWith('cancelled ');
}

function happening(label: string, event: Happening['event'], can: Happening['can'] = () => true): Happening {
  return { label, can, event, world: (world) => world };
}

const hasMaxMemory = ({ policy }: JobSnapshot['context']): boolean => policy.maxMemoryBytes !== null;

/** The check of a newer config says nothing about the run of an earlier one. */
const isOutdated = ({ spec, runSpec }: JobSnapshot['context']): boolean => spec !== runSpec;

function isEqual(a: Policy, b: Policy): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
