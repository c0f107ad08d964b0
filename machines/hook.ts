import { and, assign, setup, type SnapshotFrom } from 'xstate';

/** A state that a job has entered, as its hook is told of it. */
export interface Hook {
  readonly state: string;
  /** The state before; empty where the job had none yet. */
  readonly from: string;
  /** A clause for people: `exited with 3, next start in 0.4 s`. May be empty. */
  readonly detail: string;
  /** How the newest run ended; both are null while it runs, or where nobody saw it. */
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
}

export interface HookFailure {
  readonly state: string;
  readonly at: string;
  /** A clause for people: `exited with 3`. */
  readonly detail: string;
}

export interface HookContext {
  /** Number of the newest hook that has begun; its end carries the same number. */
  readonly number: number;
  readonly current: Hook | null;
  /** The newest state that the job entered since the current hook began. */
  readonly next: Hook | null;
  /** How the newest hook failed; null once one has ended well. */
  readonly failure: HookFailure | null;
}

export type HookEvent =
  /** The job has entered a state for which its config has a hook. */
  | { readonly type: 'Entered'; readonly hook: Hook }
  | {
      readonly type: 'HookEnded';
      readonly number: number;
      readonly failure: Omit<HookFailure, 'state'> | null;
    }
  /** A new daemon has restored this chart from its persisted snapshot. */
  | { readonly type: 'Restored' };

/** Everything that the chart asks of the world. */
export type HookEffect = 'runHook' | 'killHook';

/** A hook that takes longer is killed. */
export const HOOK_LIMIT_MS = 30_000;

/**
 * The hooks of one job: one at a time, and of the states entered meanwhile only the newest. It follows the
 * job and decides nothing about it.
 */
export const hookMachine = setup({
  types: { context: {} as HookContext, events: {} as HookEvent },
  guards: {
    isCurrentHook: ({ context, event }) => event.type === 'HookEnded' && event.number === context.number,
    hasNext: ({ context }) => context.next !== null,
    endedWithNext: and(['isCurrentHook', 'hasNext']),
  },
  delays: {
    hookLimit: HOOK_LIMIT_MS,
    killAgain: 1_000,
  },
  actions: {
    runHook: () => {},
    killHook: () => {},
    numberHook: assign({ number: ({ context }) => context.number + 1 }),
    takeEntered: assign({
      current: ({ context, event }) => (event.type === 'Entered' ? event.hook : context.current),
    }),
    noteNext: assign({
      next: ({ context, event }) => (event.type === 'Entered' ? event.hook : context.next),
    }),
    takeNext: assign({ current: ({ context }) => context.next, next: null }),
    noteEnd: assign({
      failure: ({ context, event }) =>
        event.type === 'HookEnded' && event.failure !== null
          ? { state: context.current?.state ?? '', ...event.failure }
          : null,
    }),
    dropCurrent: assign({ current: null }),
  },
}).createMachine({
  id: 'hook',
  context: { number: 0, current: null, next: null, failure: null },
  initial: 'Idle',
  states: {
    Idle: {
      on: { Entered: { target: 'Running', actions: 'takeEntered', meta: { spec: 'H-1' } } },
    },
    Running: {
      entry: ['numberHook', 'runHook'],
      after: { hookLimit: { target: 'Killing', meta: { spec: 'H-4' } } },
      on: {
        Entered: { actions: 'noteNext', meta: { spec: 'H-2' } },
        HookEnded: [
          {
            guard: 'endedWithNext',
            target: 'Running',
            reenter: true,
            actions: ['noteEnd', 'takeNext'],
            meta: { spec: 'H-2' },
          },
          {
            guard: 'isCurrentHook',
            target: 'Idle',
            actions: ['noteEnd', 'dropCurrent'],
            meta: { spec: 'H-3' },
          },
        ],
        Restored: { target: 'Running', reenter: true, meta: { spec: 'H-5' } },
      },
    },
    Killing: {
      entry: 'killHook',
      after: { killAgain: { target: 'Killing', reenter: true, meta: { spec: 'H-4' } } },
      on: {
        Entered: { actions: 'noteNext', meta: { spec: 'H-2' } },
        HookEnded: [
          {
            guard: 'endedWithNext',
            target: 'Running',
            actions: ['noteEnd', 'takeNext'],
            meta: { spec: 'H-2' },
          },
          {
            guard: 'isCurrentHook',
            target: 'Idle',
            actions: ['noteEnd', 'dropCurrent'],
            meta: { spec: 'H-3' },
          },
        ],
        Restored: [
          { guard: 'hasNext', target: 'Running', actions: 'takeNext', meta: { spec: 'H-6' } },
          { target: 'Idle', actions: 'dropCurrent', meta: { spec: 'H-6' } },
        ],
      },
    },
  },
});

/** The state and context of a job's hooks. */
export type HookSnapshot = SnapshotFrom<typeof hookMachine>;
