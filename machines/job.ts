import { and, assign, not, or, setup, type SnapshotFrom, stateIn } from 'xstate';

/** The part of a job's config that decides its lifecycle. Durations in milliseconds. */
export interface Policy {
  readonly restart: 'always' | 'on-failure' | 'never';
  readonly startMs: number;
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
  readonly backoffFactor: number;
  /** Consecutive failures after which the job is given up; 0 is never. */
  readonly maxRestarts: number;
  /** The exit codes that count as success. */
  readonly successCodes: readonly number[];
  readonly stopTimeoutMs: number;
  readonly testTimeoutMs: number;
  readonly testIntervalMs: number | null;
  readonly readyTimeoutMs: number;
  readonly hasTest: boolean;
  readonly hasReady: boolean;
  readonly hasSchedule: boolean;
  /** With a schedule: the job also runs when it becomes known and when the daemon starts. */
  readonly runAtStart: boolean;
  readonly hasDependencies: boolean;
  /** Whether the config lets the job start by itself; otherwise only `start` starts it. */
  readonly isEnabled: boolean;
  /** Whether it is checked while it runs, and after how many failed checks in a row it is stopped. */
  readonly hasAlive: boolean;
  /** A short name of the check: another one exactly when the config asks for another check. */
  readonly aliveSpec: string | null;
  readonly aliveFailures: number;
  /** The resident memory that its process tree may have; null is any amount. */
  readonly maxMemoryBytes: number | null;
}

/** The operating system's process of one run, with all that identifies it. */
export interface Child {
  readonly pid: number;
  readonly start: string;
  readonly boot: string;
  /** The pid of the program itself, where a shell stays beside it. */
  readonly program?: number;
  readonly programStart?: string;
  /** The id of the data folder by which its processes are marked. */
  readonly mark?: string;
  readonly at: string;
  /** Where the output of this run begins in the log, if its readiness is probed there. */
  readonly logFrom?: number;
  /** The newest rotated log at that time; empty where there was none. What was rotated since is newer. */
  readonly logAfter?: string;
}

interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly at: string;
}

export interface Verdict {
  readonly verdict: 'pass' | 'fail' | 'unknown';
  readonly exitCode: number | null;
  readonly at: string;
  /** A clause for people: `exited with 1`, `timed out after 10 s`. */
  readonly detail: string;
  /** The end of what the test printed. */
  readonly output: string;
}

/** Why a run was stopped that had not ended by itself: what its check said, or how much memory it used. */
export type Unhealthy =
  | { readonly by: 'alive'; readonly detail: string }
  | { readonly by: 'memory'; readonly bytes: number; readonly maxBytes: number };

export interface JobInput {
  readonly name: string;
  readonly policy: Policy;
  readonly spec: string;
}

export interface JobContext extends JobInput {
  /** Number of the newest run; every event about a child carries the number of its own run. */
  readonly run: number;
  /** The spec that this run was started with; differs from `spec` if the config has changed since. */
  readonly runSpec: string | null;
  /** The child is not replaced for its spec before its turn among the copies of its job. */
  readonly awaitsTurn: boolean;
  readonly child: Child | null;
  /** Number of the newest test, as `run` is of children. */
  readonly test: number;
  readonly verdict: Verdict | null;
  /** Counts recent changes of the verdict: each change adds one, each unchanged result subtracts one. */
  readonly flips: number;
  readonly dependenciesUp: boolean;
  /** A run outside the schedule is due: the first run of a job with `runAtStart`. */
  readonly owesRun: boolean;
  /** A restart was requested and waits for the test. */
  readonly restartAsked: boolean;
  /** Why the child is ending. */
  readonly ending: 'asked' | 'itself' | 'unready' | 'unhealthy' | null;
  /** How many checks have failed in a row while it ran. */
  readonly aliveFailures: number;
  /** The last sample of its memory was above the limit. */
  readonly isOverMemory: boolean;
  /** Of the newest run that was stopped for its health; null once another run has ended otherwise. */
  readonly unhealthy: Unhealthy | null;
  readonly reachedRunning: boolean;
  /** This spec has been running before. So if its program is missing now, it probably comes back soon. */
  readonly hasRunThisSpec: boolean;
  readonly lastExit: Exit | null;
  /** Why the last start failed, in words. */
  readonly startError: string | null;
  /** Consecutive failures, as `max_restarts` counts them. */
  readonly failures: number;
  readonly backoffs: number;
  /** A job that had been running restarts at once the first time. */
  readonly mayRestartAtOnce: boolean;
  readonly backoffMs: number;
  /** The job ended without being stopped, and has not been started again yet. */
  readonly isComingBack: boolean;
  /** Number of restarts without a request, as `status` shows it. */
  readonly restarts: number;
}

export type JobEvent =
  /**
   * The trigger, with the job's current config. `inTurn`: this copy of a rolling job goes on with its earlier
   * config until another `Apply` says that it is its turn.
   */
  | { readonly type: 'Apply'; readonly policy: Policy; readonly spec: string; readonly inTurn?: boolean }
  | { readonly type: 'Remove' | 'Start' | 'Stop' | 'Die' }
  /** By hand, or with a cause. The cause decides nothing but is shown. */
  | { readonly type: 'Restart'; readonly cause?: 'watch'; readonly file?: string }
  /** A new daemon has restored this job from its persisted snapshot. */
  | { readonly type: 'Restored' }
  | ({ readonly type: 'TestPassed' | 'TestFailed' | 'TestUnknown'; readonly test: number } & Omit<
      Verdict,
      'verdict'
    >)
  | ({ readonly type: 'Spawned'; readonly run: number } & Child)
  | { readonly type: 'SpawnFailed'; readonly run: number; readonly lasting: boolean; readonly detail: string }
  | { readonly type: 'Ready' | 'AlivePassed' | 'WithinMemory'; readonly run: number }
  | { readonly type: 'AliveFailed'; readonly run: number; readonly detail: string }
  /** One sample of its memory was above the limit. */
  | { readonly type: 'OverMemory'; readonly run: number; readonly bytes: number }
  | ({ readonly type: 'ChildExited'; readonly run: number } & Exit)
  | { readonly type: 'GroupGone'; readonly run: number }
  | { readonly type: 'DependenciesUp' | 'DependenciesDown' }
  | { readonly type: 'Due' };

/**
 * Everything that the job chart asks of the world. An effect finds its particulars in the context of the
 * step.
 */
export type JobEffect =
  | 'runTest'
  | 'endTest'
  | 'cancelTest'
  | 'awaitDue'
  | 'cancelDue'
  | 'spawnChild'
  | 'releaseChild'
  | 'probeChild'
  | 'checkHealth'
  | 'stopGroup'
  | 'killGroup'
  | 'forgetJob';

/**
 * One instance of a job in three regions: whether it is wanted, its test, and its child. The child follows
 * the want.
 */
export const jobMachine = setup({
  types: { context: {} as JobContext, events: {} as JobEvent, input: {} as JobInput },
  guards: {
    isCurrentRun: ({ context, event }) => 'run' in event && event.run === context.run,
    /** Ignore results of cancelled or older tests. */
    isCurrentTest: and([
      stateIn({ test: 'Testing' }),
      ({ context, event }) => 'test' in event && event.test === context.test,
    ]),
    isWanted: stateIn({ want: 'Yes' }),
    isUndecided: stateIn({ want: 'Unknown' }),
    isUnwanted: or([stateIn({ want: 'No' }), stateIn({ want: 'Removed' })]),
    /** The test may pass at the scheduled time. */
    isHeldOnSchedule: and([stateIn({ want: { No: 'ByTest' } }), 'hasSchedule']),
    mustLeaveWaiting: and(['isUnwanted', not('isHeldOnSchedule')]),
    mayWait: not('mustLeaveWaiting'),
    isRemoved: stateIn({ want: 'Removed' }),
    isStoppedByHand: stateIn({ want: { No: 'ByHand' } }),
    isTakenDown: stateIn({ want: { No: 'ByDie' } }),
    isDisabled: ({ context, event }) => !(event.type === 'Apply' ? event.policy : context.policy).isEnabled,
    isEnabled: not('isDisabled'),
    wasEnabled: ({ context }) => context.policy.isEnabled,
    isNewlyDisabled: and(['isDisabled', 'wasEnabled']),
    wasStartedDisabled: and(['isWanted', not('wasEnabled')]),
    isDisabledAndDown: and(['isDisabled', not('wasStartedDisabled')]),
    hasNoTest: ({ context, event }) => !(event.type === 'Apply' ? event.policy : context.policy).hasTest,
    mayTest: and([not('hasNoTest'), not('isStoppedByHand'), not('isDisabledAndDown')]),
    needsNoVerdict: or(['hasNoTest', 'isDisabledAndDown']),
    needsTest: and([not('hasNoTest'), 'mayWait', stateIn({ child: { Waiting: 'ForTest' } })]),
    needsFirstTest: and([or(['isUndecided', 'isTakenDown']), not('hasNoTest'), 'isEnabled']),
    isPeriodic: and([
      ({ context }) => context.policy.testIntervalMs !== null,
      not('hasNoTest'),
      not('isStoppedByHand'),
      not('isTakenDown'),
      not('isRemoved'),
      not('isDisabledAndDown'),
    ]),
    isNotPeriodic: not('isPeriodic'),
    hasSchedule: ({ context, event }) => (event.type === 'Apply' ? event.policy : context.policy).hasSchedule,
    hasDependenciesUp: ({ context }) => !context.policy.hasDependencies || context.dependenciesUp,
    mayGoOn: and(['mayWait', 'hasDependenciesUp']),
    mayGoOnWithoutTest: and([not('isUnwanted'), 'hasNoTest']),
    isWantedOnSchedule: and(['isWanted', 'hasSchedule', not('owesRun')]),
    owesRun: ({ context }) => context.owesRun,
    runsAtStart: ({ context }) => context.policy.runAtStart,
    isCurrentTestOnSchedule: and(['isCurrentTest', 'hasSchedule']),
    passedBeforeItsTime: and(['isCurrentTestOnSchedule', not('owesRun')]),
    passedButDependenciesDown: and(['isCurrentTest', not('hasDependenciesUp')]),
    unknownButWanted: and(['isCurrentTest', 'isWanted']),
    isOutdated: ({ context, event }) =>
      (event.type === 'Apply' ? event.spec : context.spec) !== context.runSpec,
    awaitsTurn: ({ context, event }) => (event.type === 'Apply' ? event.inTurn === true : context.awaitsTurn),
    isOutdatedInTurn: and(['isOutdated', 'awaitsTurn']),
    isToBeReplaced: and(['isOutdated', not('awaitsTurn')]),
    appliesAtOnce: and(['isToBeReplaced', 'hasNoTest']),
    isRestartAsked: ({ context }) => context.restartAsked,
    restartsAtOnce: and(['isRestartAsked', 'hasNoTest']),
    testsBeforeRestart: and([not('hasNoTest'), stateIn({ child: 'Up' })]),
    passedAndRestartAsked: and(['isCurrentTest', 'isRestartAsked']),
    passedAndOutdated: and(['isCurrentTest', 'isToBeReplaced']),
    /**
     * A job that has ended runs again when its program has changed, or when its restart policy now asks for
     * it.
     */
    needsAnotherRun: ({ context, event }) => event.type === 'Apply' && needsAnotherRun(context, event),
    needsAnotherRunOnSchedule: and(['hasSchedule', 'needsAnotherRun']),
    hasAlive: ({ context }) => context.policy.hasAlive,
    hasMaxMemory: ({ context }) => context.policy.maxMemoryBytes !== null,
    isChecked: or(['hasAlive', 'hasMaxMemory']),
    isNewlyChecked: and([
      stateIn({ child: { Up: 'Running' } }),
      ({ context, event }) => event.type === 'Apply' && checksMore(event.policy, context.policy),
    ]),
    isCheckedOtherwise: and([
      stateIn({ child: { Up: 'Running' } }),
      ({ context, event }) => event.type === 'Apply' && checksOtherwise(event.policy, context.policy),
    ]),
    isCheckedNow: and(['isCurrentRun', 'isChecked']),
    /** A newer config may ask for what its own program offers, and not that of an earlier one. */
    isAliveFact: and(['isCurrentRun', 'hasAlive', not('isOutdated')]),
    failsTooOften: and([
      'isAliveFact',
      ({ context }) => context.aliveFailures + 1 >= context.policy.aliveFailures,
    ]),
    isMemoryFact: and(['isCurrentRun', 'hasMaxMemory']),
    isOverMemoryAgain: and(['isMemoryFact', ({ context }) => context.isOverMemory]),
    needsReady: ({ context }) => context.policy.hasReady,
    needsNoReady: not('needsReady'),
    needsNoReadyButCheck: and(['needsNoReady', 'isChecked']),
    failsForGood: and([
      'isCurrentRun',
      ({ context, event }) => event.type === 'SpawnFailed' && event.lasting && !context.hasRunThisSpec,
    ]),
    failsForGoodOnSchedule: and(['failsForGood', 'hasSchedule']),
    wasAsked: and(['isCurrentRun', or([({ context }) => context.ending === 'asked', not('isWanted')])]),
    /** The config had changed, but the test had not yet allowed the replacement. */
    endedOutdated: and(['isCurrentRun', 'isOutdated']),
    givesUp: and([
      'isCurrentRun',
      ({ context }) =>
        context.policy.maxRestarts > 0 &&
        context.failures >= context.policy.maxRestarts &&
        restartsAfter(context.policy, context),
    ]),
    givesUpOnSchedule: and(['givesUp', 'hasSchedule']),
    comesBack: and(['isCurrentRun', ({ context }) => restartsAfter(context.policy, context)]),
    endedOnSchedule: and(['isCurrentRun', 'hasSchedule']),
    endedInFailure: and(['isCurrentRun', ({ context }) => hasFailed(context.policy, context)]),
  },
  delays: {
    startTime: ({ context }) => context.policy.startMs,
    readyTimeout: ({ context }) => context.policy.readyTimeoutMs,
    stableTime: 30_000,
    stopTimeout: ({ context }) => context.policy.stopTimeoutMs,
    killAgain: 1_000,
    backoff: ({ context }) => context.backoffMs,
    testTimeout: ({ context }) => context.policy.testTimeoutMs,
    testInterval: ({ context }) => dampedInterval(context),
  },
  actions: {
    runTest: () => {},
    endTest: () => {},
    cancelTest: () => {},
    awaitDue: () => {},
    cancelDue: () => {},
    spawnChild: () => {},
    releaseChild: () => {},
    probeChild: () => {},
    checkHealth: () => {},
    stopGroup: () => {},
    killGroup: () => {},
    forgetJob: () => {},
    configure: assign(({ context, event }) =>
      event.type === 'Apply'
        ? {
            policy: event.policy,
            spec: event.spec,
            awaitsTurn: false,
            flips: 0,
            aliveFailures: event.policy.aliveSpec === context.policy.aliveSpec ? context.aliveFailures : 0,
            isOverMemory:
              context.isOverMemory && event.policy.maxMemoryBytes === context.policy.maxMemoryBytes,
            hasRunThisSpec: context.hasRunThisSpec && event.spec === context.spec,
          }
        : { policy: context.policy },
    ),
    numberTest: assign({ test: ({ context }) => context.test + 1 }),
    noteVerdict: assign({
      verdict: ({ context, event }) => verdictIn(event) ?? context.verdict,
      flips: ({ context, event }) => flipsAfter(context, verdictIn(event)),
    }),
    noteDependenciesUp: assign({ dependenciesUp: true }),
    noteDependenciesDown: assign({ dependenciesUp: false }),
    numberRun: assign({
      run: ({ context }) => context.run + 1,
      runSpec: ({ context }) => context.spec,
      child: null,
      owesRun: false,
      restartAsked: false,
      ending: null,
      aliveFailures: 0,
      isOverMemory: false,
      reachedRunning: false,
      startError: null,
      restarts: ({ context }) => context.restarts + (context.isComingBack ? 1 : 0),
      isComingBack: false,
    }),
    noteChild: assign({
      child: ({ context, event }) => (event.type === 'Spawned' ? childIn(event) : context.child),
    }),
    noteRunning: assign({
      reachedRunning: true,
      hasRunThisSpec: ({ context }) => context.hasRunThisSpec || context.runSpec === context.spec,
    }),
    noteStable: assign(({ context }) => stable(context)),
    oweRun: assign({ owesRun: ({ context }) => context.policy.runAtStart }),
    dropOwedRun: assign({ owesRun: false }),
    askRestart: assign({ restartAsked: true }),
    dropRestart: assign({ restartAsked: false }),
    awaitTurn: assign({ awaitsTurn: true }),
    noteExit: assign({
      lastExit: ({ context, event }) =>
        event.type === 'ChildExited'
          ? { code: event.code, signal: event.signal, at: event.at }
          : context.lastExit,
    }),
    markStopRequested: assign({ ending: 'asked', unhealthy: null, restartAsked: false }),
    /** If a restart was requested, the job starts again whatever its restart policy says. */
    markSelfExit: assign({
      ending: ({ context }) => (context.restartAsked ? 'asked' : 'itself'),
      unhealthy: null,
      restartAsked: false,
    }),
    markUnhealthy: assign({
      ending: ({ context }) => (context.restartAsked ? 'asked' : 'unhealthy'),
      unhealthy: ({ context, event }) => unhealthyBy(event, context.policy),
      restartAsked: false,
      // As a crash counts: of a job that is meant to stay up, only failed starts do.
      failures: ({ context }) => context.failures + (isMeantToEnd(context.policy) ? 1 : 0),
    }),
    countFailedCheck: assign({ aliveFailures: ({ context }) => context.aliveFailures + 1 }),
    forgetFailedChecks: assign({ aliveFailures: 0 }),
    noteOverMemory: assign({ isOverMemory: true }),
    noteWithinMemory: assign({ isOverMemory: false }),
    markUnready: assign({
      ending: 'unready',
      unhealthy: null,
      restartAsked: false,
      startError: ({ context }) => `was not ready within ${context.policy.readyTimeoutMs / 1000} s`,
    }),
    countFailure: assign({ failures: ({ context }) => context.failures + 1 }),
    countExit: assign({
      failures: ({ context, event }) =>
        event.type === 'ChildExited' ? failuresAfter(context, event) : context.failures,
    }),
    noteStartError: assign({
      startError: ({ context, event }) => (event.type === 'SpawnFailed' ? event.detail : context.startError),
    }),
    forgetChild: assign({ child: null, restartAsked: false, awaitsTurn: false }),
    comeBack: assign({ isComingBack: true }),
    lengthenBackoff: assign(({ context }) => nextBackoff(context)),
    resetBackoff: assign({
      backoffs: 0,
      failures: 0,
      mayRestartAtOnce: true,
      backoffMs: 0,
      isComingBack: false,
    }),
  },
}).createMachine({
  id: 'job',
  context: ({ input }) => ({
    ...input,
    run: 0,
    runSpec: null,
    awaitsTurn: false,
    child: null,
    test: 0,
    verdict: null,
    flips: 0,
    dependenciesUp: false,
    owesRun: input.policy.runAtStart,
    restartAsked: false,
    ending: null,
    aliveFailures: 0,
    isOverMemory: false,
    unhealthy: null,
    reachedRunning: false,
    hasRunThisSpec: false,
    lastExit: null,
    startError: null,
    failures: 0,
    backoffs: 0,
    mayRestartAtOnce: true,
    backoffMs: 0,
    isComingBack: false,
    restarts: 0,
  }),
  type: 'parallel',
  options: { maxIterations: 100 },
  states: {
    want: {
      initial: 'Unknown',
      on: {
        Apply: [
          { guard: 'isNewlyChecked', actions: ['configure', 'checkHealth'], meta: { spec: 'J-49' } },
          { guard: 'isCheckedOtherwise', actions: ['configure', 'checkHealth'], meta: { spec: 'J-53' } },
          { actions: 'configure', meta: { spec: 'J-1' } },
        ],
        Restored: { actions: 'oweRun', meta: { spec: 'J-45' } },
      },
      states: {
        Unknown: {
          always: [
            { guard: 'isDisabled', target: 'No.ByConfig', meta: { spec: 'J-47' } },
            { guard: 'hasNoTest', target: 'Yes', meta: { spec: 'J-2' } },
          ],
          on: {
            TestPassed: { guard: 'isCurrentTest', target: 'Yes', meta: { spec: 'J-3' } },
            TestFailed: { guard: 'isCurrentTest', target: 'No.ByTest', meta: { spec: 'J-4' } },
            Start: { target: 'Yes', meta: { spec: 'J-6' } },
            Restart: { target: 'Yes', meta: { spec: 'J-6' } },
            Stop: { target: 'No.ByHand', meta: { spec: 'J-7' } },
            Remove: { target: 'Removed', meta: { spec: 'J-9' } },
            Die: { target: 'No.ByDie', meta: { spec: 'J-10' } },
          },
        },
        Yes: {
          on: {
            Apply: {
              guard: 'isNewlyDisabled',
              target: 'No.ByConfig',
              actions: 'configure',
              meta: { spec: 'J-47' },
            },
            TestFailed: { guard: 'isCurrentTest', target: 'No.ByTest', meta: { spec: 'J-4' } },
            Stop: { target: 'No.ByHand', meta: { spec: 'J-7' } },
            Remove: { target: 'Removed', meta: { spec: 'J-9' } },
            Die: { target: 'No.ByDie', meta: { spec: 'J-10' } },
          },
        },
        No: {
          initial: 'ByTest',
          on: { Remove: { target: 'Removed', meta: { spec: 'J-9' } } },
          states: {
            ByTest: {
              always: [
                { guard: 'isDisabled', target: 'ByConfig', meta: { spec: 'J-47' } },
                { guard: 'hasNoTest', target: '#job.want.Yes', meta: { spec: 'J-2' } },
              ],
              on: {
                TestPassed: { guard: 'isCurrentTest', target: '#job.want.Yes', meta: { spec: 'J-3' } },
                Start: { target: '#job.want.Yes', meta: { spec: 'J-6' } },
                Restart: { target: '#job.want.Yes', meta: { spec: 'J-6' } },
                Stop: { target: 'ByHand', meta: { spec: 'J-7' } },
                Die: { target: 'ByDie', meta: { spec: 'J-10' } },
              },
            },
            ByConfig: {
              always: { guard: 'isEnabled', target: '#job.want.Unknown', meta: { spec: 'J-47' } },
              on: {
                Start: { target: '#job.want.Yes', meta: { spec: 'J-48' } },
                Stop: { target: 'ByHand', meta: { spec: 'J-7' } },
                Die: { target: 'ByDie', meta: { spec: 'J-10' } },
              },
            },
            ByHand: {
              on: {
                Start: { target: '#job.want.Yes', meta: { spec: 'J-8' } },
                Restart: [
                  { guard: 'isDisabled', target: 'ByConfig', meta: { spec: 'J-48' } },
                  { target: '#job.want.Yes', meta: { spec: 'J-8' } },
                ],
              },
            },
            ByDie: {
              on: {
                Apply: {
                  target: '#job.want.Unknown',
                  actions: ['configure', 'resetBackoff', 'oweRun'],
                  meta: { spec: 'J-11' },
                },
                Restored: {
                  target: '#job.want.Unknown',
                  actions: ['resetBackoff', 'oweRun'],
                  meta: { spec: 'J-11' },
                },
                Stop: { target: 'ByHand', meta: { spec: 'J-7' } },
              },
            },
          },
        },
        Removed: { on: { Apply: { target: 'Unknown', actions: 'configure', meta: { spec: 'J-12' } } } },
      },
    },

    test: {
      initial: 'Idle',
      states: {
        Idle: {
          initial: 'Quiet',
          always: { guard: 'needsTest', target: 'Testing', meta: { spec: 'J-14' } },
          on: {
            Apply: { guard: 'mayTest', target: 'Testing', meta: { spec: 'J-13' } },
            Restart: { guard: 'testsBeforeRestart', target: 'Testing', meta: { spec: 'J-14' } },
            Restored: { guard: 'needsFirstTest', target: 'Testing', meta: { spec: 'J-16' } },
          },
          states: {
            Quiet: { always: { guard: 'isPeriodic', target: 'Periodic', meta: { spec: 'J-15' } } },
            Periodic: {
              always: { guard: 'isNotPeriodic', target: 'Quiet', meta: { spec: 'J-15' } },
              after: { testInterval: { target: '#job.test.Testing', meta: { spec: 'J-15' } } },
            },
          },
        },
        Testing: {
          entry: ['numberTest', 'runTest'],
          exit: 'cancelTest',
          after: { testTimeout: { actions: 'endTest', meta: { spec: 'J-17' } } },
          on: {
            TestPassed: {
              guard: 'isCurrentTest',
              target: 'Idle',
              actions: 'noteVerdict',
              meta: { spec: 'J-18' },
            },
            TestFailed: {
              guard: 'isCurrentTest',
              target: 'Idle',
              actions: 'noteVerdict',
              meta: { spec: 'J-18' },
            },
            TestUnknown: {
              guard: 'isCurrentTest',
              target: 'Idle',
              actions: 'noteVerdict',
              meta: { spec: 'J-5' },
            },
            Apply: [
              { guard: 'needsNoVerdict', target: 'Idle', meta: { spec: 'J-13' } },
              { target: 'Testing', reenter: true, meta: { spec: 'J-13' } },
            ],
            Restored: { target: 'Testing', reenter: true, meta: { spec: 'J-16' } },
            Stop: { target: 'Idle', meta: { spec: 'J-19' } },
            Remove: { target: 'Idle', meta: { spec: 'J-19' } },
            Die: { target: 'Idle', meta: { spec: 'J-19' } },
          },
        },
      },
    },

    child: {
      initial: 'AtRest',
      on: {
        DependenciesUp: { actions: 'noteDependenciesUp', meta: { spec: 'J-22' } },
        DependenciesDown: { actions: 'noteDependenciesDown', meta: { spec: 'J-22' } },
      },
      states: {
        AtRest: {
          initial: 'Down',
          on: {
            Start: { target: 'Waiting', actions: 'resetBackoff', meta: { spec: 'J-24' } },
            Restart: { target: 'Waiting', actions: 'resetBackoff', meta: { spec: 'J-24' } },
          },
          states: {
            Down: {
              always: [
                { guard: 'isRemoved', target: '#job.child.Gone', meta: { spec: 'J-43' } },
                { guard: 'isWantedOnSchedule', target: '#job.child.Waiting.ForTime', meta: { spec: 'J-20' } },
                { guard: 'isWanted', target: '#job.child.Waiting', meta: { spec: 'J-20' } },
                { guard: 'isHeldOnSchedule', target: '#job.child.Waiting.ForTime', meta: { spec: 'J-44' } },
              ],
              on: {
                TestPassed: [
                  {
                    guard: 'passedBeforeItsTime',
                    target: '#job.child.Waiting.ForTime',
                    meta: { spec: 'J-20' },
                  },
                  {
                    guard: 'passedButDependenciesDown',
                    target: '#job.child.Waiting',
                    meta: { spec: 'J-20' },
                  },
                  { guard: 'isCurrentTest', target: '#job.child.Up', meta: { spec: 'J-21' } },
                ],
              },
            },
            Backoff: {
              always: { guard: 'isUnwanted', target: 'Down', meta: { spec: 'J-25' } },
              after: { backoff: { target: '#job.child.Waiting', meta: { spec: 'J-39' } } },
              on: {
                Apply: { target: '#job.child.Waiting', actions: 'resetBackoff', meta: { spec: 'J-42' } },
              },
            },
            Ended: {
              initial: 'Finished',
              always: { guard: 'isRemoved', target: '#job.child.Gone', meta: { spec: 'J-43' } },
              on: {
                Apply: [
                  {
                    guard: 'needsAnotherRunOnSchedule',
                    target: '#job.child.Waiting.ForTime',
                    actions: 'resetBackoff',
                    meta: { spec: 'J-41' },
                  },
                  {
                    guard: 'needsAnotherRun',
                    target: '#job.child.Waiting',
                    actions: 'resetBackoff',
                    meta: { spec: 'J-41' },
                  },
                ],
                Stop: { target: 'Down', meta: { spec: 'J-41' } },
              },
              states: { Finished: {}, Failed: {} },
            },
            GivenUp: {
              always: { guard: 'isUnwanted', target: 'Down', meta: { spec: 'J-25' } },
              on: {
                Apply: { target: '#job.child.Waiting', actions: 'resetBackoff', meta: { spec: 'J-42' } },
              },
            },
          },
        },
        Waiting: {
          initial: 'ForDependencies',
          always: { guard: 'mustLeaveWaiting', target: 'AtRest', meta: { spec: 'J-25' } },
          states: {
            ForTime: {
              entry: ['dropOwedRun', 'awaitDue'],
              exit: 'cancelDue',
              on: {
                Due: { target: 'ForDependencies', meta: { spec: 'J-23' } },
                Start: { target: 'ForDependencies', actions: 'resetBackoff', meta: { spec: 'J-24' } },
                Restart: { target: 'ForDependencies', actions: 'resetBackoff', meta: { spec: 'J-24' } },
                Apply: { target: '#job.child.AtRest', meta: { spec: 'J-23' } },
                Restored: [
                  { guard: 'runsAtStart', target: 'ForDependencies', meta: { spec: 'J-45' } },
                  { target: 'ForTime', reenter: true, meta: { spec: 'J-16' } },
                ],
              },
            },
            ForDependencies: {
              always: { guard: 'mayGoOn', target: 'ForTest', meta: { spec: 'J-22' } },
            },
            ForTest: {
              always: { guard: 'mayGoOnWithoutTest', target: '#job.child.Up', meta: { spec: 'J-21' } },
              on: {
                TestPassed: { guard: 'isCurrentTest', target: '#job.child.Up', meta: { spec: 'J-21' } },
                TestFailed: [
                  { guard: 'isCurrentTestOnSchedule', target: 'ForTime', meta: { spec: 'J-44' } },
                  { guard: 'isCurrentTest', target: '#job.child.AtRest', meta: { spec: 'J-25' } },
                ],
                TestUnknown: [
                  {
                    guard: 'unknownButWanted',
                    target: '#job.child.AtRest.Backoff',
                    actions: 'lengthenBackoff',
                    meta: { spec: 'J-26' },
                  },
                  { guard: 'isCurrentTest', target: '#job.child.AtRest', meta: { spec: 'J-5' } },
                ],
                DependenciesDown: {
                  target: 'ForDependencies',
                  actions: 'noteDependenciesDown',
                  meta: { spec: 'J-22' },
                },
              },
            },
          },
        },
        Up: {
          initial: 'Starting',
          always: {
            guard: 'isUnwanted',
            target: 'Ending',
            actions: 'markStopRequested',
            meta: { spec: 'J-35' },
          },
          on: {
            ChildExited: {
              guard: 'isCurrentRun',
              target: 'Ending.Draining',
              actions: ['noteExit', 'markSelfExit', 'countExit'],
              meta: { spec: 'J-31' },
            },
            Restart: [
              {
                guard: 'hasNoTest',
                target: 'Ending',
                actions: ['markStopRequested', 'resetBackoff'],
                meta: { spec: 'J-33' },
              },
              { actions: 'askRestart', meta: { spec: 'J-33' } },
            ],
            Apply: [
              {
                guard: 'restartsAtOnce',
                target: 'Ending',
                actions: ['markStopRequested', 'resetBackoff'],
                meta: { spec: 'J-33' },
              },
              {
                guard: 'appliesAtOnce',
                target: 'Ending',
                actions: 'markStopRequested',
                meta: { spec: 'J-34' },
              },
              { guard: 'isOutdatedInTurn', actions: 'awaitTurn', meta: { spec: 'J-52' } },
            ],
            TestPassed: [
              {
                guard: 'passedAndRestartAsked',
                target: 'Ending',
                actions: ['markStopRequested', 'resetBackoff'],
                meta: { spec: 'J-33' },
              },
              {
                guard: 'passedAndOutdated',
                target: 'Ending',
                actions: 'markStopRequested',
                meta: { spec: 'J-34' },
              },
            ],
            TestUnknown: { guard: 'isCurrentTest', actions: 'dropRestart', meta: { spec: 'J-5' } },
          },
          states: {
            Starting: {
              entry: ['numberRun', 'spawnChild'],
              initial: 'Spawning',
              on: {
                SpawnFailed: [
                  {
                    guard: 'failsForGoodOnSchedule',
                    target: '#job.child.Waiting.ForTime',
                    actions: ['noteStartError', 'forgetChild', 'resetBackoff'],
                    meta: { spec: 'J-23' },
                  },
                  {
                    guard: 'failsForGood',
                    target: '#job.child.AtRest.GivenUp',
                    actions: ['noteStartError', 'forgetChild'],
                    meta: { spec: 'J-28' },
                  },
                  {
                    guard: 'isCurrentRun',
                    target: '#job.child.AtRest.Backoff',
                    actions: ['noteStartError', 'forgetChild', 'lengthenBackoff'],
                    meta: { spec: 'J-29' },
                  },
                ],
              },
              states: {
                Spawning: {
                  on: {
                    Spawned: {
                      guard: 'isCurrentRun',
                      target: 'Settling',
                      actions: ['noteChild', 'releaseChild'],
                      meta: { spec: 'J-27' },
                    },
                    Restored: {
                      target: '#job.child.Waiting',
                      actions: 'forgetChild',
                      meta: { spec: 'J-16' },
                    },
                  },
                },
                Settling: {
                  always: { guard: 'needsReady', target: 'Probing', meta: { spec: 'J-30' } },
                  after: {
                    startTime: [
                      {
                        guard: 'isChecked',
                        target: '#job.child.Up.Running',
                        actions: 'checkHealth',
                        meta: { spec: 'J-49' },
                      },
                      { target: '#job.child.Up.Running', meta: { spec: 'J-30' } },
                    ],
                  },
                },
                Probing: {
                  entry: 'probeChild',
                  always: [
                    {
                      guard: 'needsNoReadyButCheck',
                      target: '#job.child.Up.Running',
                      actions: 'checkHealth',
                      meta: { spec: 'J-49' },
                    },
                    { guard: 'needsNoReady', target: '#job.child.Up.Running', meta: { spec: 'J-30' } },
                  ],
                  after: {
                    readyTimeout: {
                      target: '#job.child.Ending',
                      actions: ['markUnready', 'countFailure'],
                      meta: { spec: 'J-32' },
                    },
                  },
                  on: {
                    Ready: [
                      {
                        guard: 'isCheckedNow',
                        target: '#job.child.Up.Running',
                        actions: 'checkHealth',
                        meta: { spec: 'J-49' },
                      },
                      {
                        guard: 'isCurrentRun',
                        target: '#job.child.Up.Running',
                        meta: { spec: 'J-30' },
                      },
                    ],
                    Restored: { actions: 'probeChild', meta: { spec: 'J-16' } },
                  },
                },
              },
            },
            Running: {
              entry: 'noteRunning',
              after: { stableTime: { actions: 'noteStable', meta: { spec: 'J-36' } } },
              on: {
                AlivePassed: {
                  guard: 'isAliveFact',
                  actions: 'forgetFailedChecks',
                  meta: { spec: 'J-50' },
                },
                AliveFailed: [
                  {
                    guard: 'failsTooOften',
                    target: '#job.child.Ending',
                    actions: 'markUnhealthy',
                    meta: { spec: 'J-50' },
                  },
                  { guard: 'isAliveFact', actions: 'countFailedCheck', meta: { spec: 'J-50' } },
                ],
                WithinMemory: {
                  guard: 'isMemoryFact',
                  actions: 'noteWithinMemory',
                  meta: { spec: 'J-51' },
                },
                OverMemory: [
                  {
                    guard: 'isOverMemoryAgain',
                    target: '#job.child.Ending',
                    actions: 'markUnhealthy',
                    meta: { spec: 'J-51' },
                  },
                  { guard: 'isMemoryFact', actions: 'noteOverMemory', meta: { spec: 'J-51' } },
                ],
                Restored: { guard: 'isChecked', actions: 'checkHealth', meta: { spec: 'J-49' } },
              },
            },
          },
        },
        Ending: {
          initial: 'Stopping',
          exit: 'forgetChild',
          on: {
            GroupGone: [
              { guard: 'wasAsked', target: 'AtRest', meta: { spec: 'J-37' } },
              { guard: 'endedOutdated', target: 'AtRest', meta: { spec: 'J-34' } },
              {
                guard: 'givesUpOnSchedule',
                target: 'Waiting.ForTime',
                actions: 'resetBackoff',
                meta: { spec: 'J-23' },
              },
              { guard: 'givesUp', target: 'AtRest.GivenUp', meta: { spec: 'J-40' } },
              {
                guard: 'comesBack',
                target: 'AtRest.Backoff',
                actions: ['comeBack', 'lengthenBackoff'],
                meta: { spec: 'J-39' },
              },
              {
                guard: 'endedOnSchedule',
                target: 'Waiting.ForTime',
                actions: 'resetBackoff',
                meta: { spec: 'J-23' },
              },
              { guard: 'endedInFailure', target: 'AtRest.Ended.Failed', meta: { spec: 'J-46' } },
              { guard: 'isCurrentRun', target: 'AtRest.Ended.Finished', meta: { spec: 'J-41' } },
            ],
            ChildExited: { guard: 'isCurrentRun', actions: 'noteExit', meta: { spec: 'J-31' } },
            Spawned: { guard: 'isCurrentRun', actions: ['noteChild', 'stopGroup'], meta: { spec: 'J-27' } },
            Start: { actions: ['markStopRequested', 'resetBackoff'], meta: { spec: 'J-33' } },
            Restart: { actions: ['markStopRequested', 'resetBackoff'], meta: { spec: 'J-33' } },
            Remove: { actions: 'markStopRequested', meta: { spec: 'J-35' } },
            Die: { actions: 'markStopRequested', meta: { spec: 'J-35' } },
            Apply: { guard: 'isOutdated', actions: 'markStopRequested', meta: { spec: 'J-34' } },
          },
          states: {
            Draining: {
              entry: 'stopGroup',
              after: { stopTimeout: { target: 'Killing', meta: { spec: 'J-38' } } },
              on: { Restored: { target: 'Draining', reenter: true, meta: { spec: 'J-16' } } },
            },
            Stopping: {
              entry: 'stopGroup',
              after: { stopTimeout: { target: 'Killing', meta: { spec: 'J-38' } } },
              on: { Restored: { target: 'Stopping', reenter: true, meta: { spec: 'J-16' } } },
            },
            Killing: {
              entry: 'killGroup',
              after: { killAgain: { target: 'Killing', reenter: true, meta: { spec: 'J-38' } } },
              on: { Restored: { target: 'Killing', reenter: true, meta: { spec: 'J-16' } } },
            },
          },
        },
        Gone: {
          entry: 'forgetJob',
          on: { Restored: { target: 'Gone', reenter: true, meta: { spec: 'J-16' } } },
        },
      },
    },
  },
});

/** The state and context of a job. */
export type JobSnapshot = SnapshotFrom<typeof jobMachine>;

/**
 * Whether its new config makes a job that has ended run again: another program, a schedule, or a policy that
 * restarts it.
 */
export function needsAnotherRun(
  context: JobContext,
  { policy, spec }: Pick<JobInput, 'policy' | 'spec'>,
): boolean {
  if (spec !== context.runSpec) return true;
  if (policy.hasSchedule !== context.policy.hasSchedule) return true;
  return policy.restart !== context.policy.restart && restartsAfter(policy, context);
}

/** Whether a job that ended without being stopped starts again. */
function restartsAfter(policy: Policy, context: JobContext): boolean {
  switch (policy.restart) {
    case 'always':
      return !policy.hasSchedule;
    case 'on-failure':
      return hasFailed(policy, context);
    case 'never':
      return false;
    default:
      return policy.restart satisfies never;
  }
}

/** Whether the last run failed. An unknown exit code is not a success. */
function hasFailed(policy: Policy, { ending, lastExit }: JobContext): boolean {
  return ending === 'unready' || ending === 'unhealthy' || lastExit === null || !isSuccess(policy, lastExit);
}

function isSuccess({ successCodes }: Policy, { code }: Pick<Exit, 'code'>): boolean {
  return code !== null && successCodes.includes(code);
}

/** Whether the job ends by itself when all is well, so that its exit code is its result. */
function isMeantToEnd({ restart, hasSchedule }: Policy): boolean {
  return restart !== 'always' || hasSchedule;
}

/**
 * Consecutive failures after an exit. A job that is meant to end counts every unsuccessful exit; any other
 * job counts failed starts.
 */
function failuresAfter({ policy, failures, reachedRunning }: JobContext, exit: Exit): number {
  if (isMeantToEnd(policy)) return isSuccess(policy, exit) ? 0 : failures + 1;
  return reachedRunning ? failures : failures + 1;
}

/**
 * A job that has been up for a long time starts with a fresh backoff. A job that is meant to end keeps its
 * failures: being up is no success for it.
 */
function stable({ policy, failures }: JobContext): Partial<JobContext> {
  return {
    backoffs: 0,
    failures: isMeantToEnd(policy) ? failures : 0,
    mayRestartAtOnce: true,
    backoffMs: 0,
  };
}

/**
 * The next delay: none the first time after it had been running, else growing from the least to the most,
 * with up to a tenth of jitter.
 */
function nextBackoff(context: JobContext): Partial<JobContext> {
  if (context.reachedRunning && context.mayRestartAtOnce) return { mayRestartAtOnce: false, backoffMs: 0 };
  const { backoffMinMs, backoffMaxMs, backoffFactor } = context.policy;
  const base = Math.min(backoffMaxMs, backoffMinMs * backoffFactor ** context.backoffs);
  return {
    backoffs: context.backoffs + 1,
    backoffMs: Math.round(base * (1 - 0.1 * spread(`${context.name} ${context.run}`))),
  };
}

/**
 * A number from 0 to 1 that differs from name to name, so that jobs which fell together do not rise together,
 * yet is the same at every replay.
 */
function spread(text: string): number {
  let hash = 2_166_136_261;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619);
  return (hash >>> 0) / 2 ** 32;
}

/**
 * Up to CALM_FLIPS changes of the verdict in close succession are no flapping; above MOST_FLIPS they are not
 * counted.
 */
const CALM_FLIPS = 3;
const MOST_FLIPS = 8;

/** Flapping lengthens the interval between two tests up to this. */
const DAMPED_MS = 600_000;

function flipsAfter({ verdict: before, flips }: JobContext, now: Verdict | null): number {
  if (now === null || before === null || now.verdict === 'unknown' || before.verdict === 'unknown')
    return flips;
  return before.verdict === now.verdict ? Math.max(0, flips - 1) : Math.min(MOST_FLIPS, flips + 1);
}

/**
 * Twice as long for each change beyond the calm ones, so that a test that cannot make up its mind does not
 * start and stop its job all the time.
 */
function dampedInterval({ policy, flips }: JobContext): number {
  const interval = policy.testIntervalMs ?? 2 ** 31 - 1;
  return Math.max(interval, Math.min(DAMPED_MS, interval * 2 ** Math.max(0, flips - CALM_FLIPS)));
}

function childIn({ pid, start, boot, program, programStart, mark, at, logFrom, logAfter }: Child): Child {
  return {
    pid,
    start,
    boot,
    ...(program !== undefined && { program }),
    ...(programStart !== undefined && { programStart }),
    ...(mark !== undefined && { mark }),
    at,
    ...(logFrom !== undefined && { logFrom }),
    ...(logAfter !== undefined && { logAfter }),
  };
}

const VERDICTS = { TestPassed: 'pass', TestFailed: 'fail', TestUnknown: 'unknown' } as const;

/** Whether one policy asks for a check of a running job that another does not ask for. */
function checksMore(policy: Policy, than: Policy): boolean {
  if (policy.hasAlive && !than.hasAlive) return true;
  return policy.maxMemoryBytes !== null && than.maxMemoryBytes === null;
}

/** Whether one policy asks for a check, but not for that of another one. */
function checksOtherwise(policy: Policy, than: Policy): boolean {
  return policy.hasAlive && policy.aliveSpec !== than.aliveSpec;
}

function unhealthyBy(event: JobEvent, { maxMemoryBytes }: Policy): Unhealthy | null {
  if (event.type === 'AliveFailed') return { by: 'alive', detail: event.detail };
  if (event.type !== 'OverMemory' || maxMemoryBytes === null) return null;
  return { by: 'memory', bytes: event.bytes, maxBytes: maxMemoryBytes };
}

/** The verdict in a test's result; null for every other event. */
function verdictIn(event: JobEvent): Verdict | null {
  if (event.type !== 'TestPassed' && event.type !== 'TestFailed' && event.type !== 'TestUnknown') return null;
  const { exitCode, at, detail, output } = event;
  return { verdict: VERDICTS[event.type], exitCode, at, detail, output };
}
