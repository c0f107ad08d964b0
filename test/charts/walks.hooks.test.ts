import { isDeepStrictEqual } from 'node:util';
import type { HookEvent, HookSnapshot } from '../../machines/hook.ts';
import { hookMachine } from '../../machines/hook.ts';
import { Bench, readsBack } from '../support/bench.ts';
import type { Edge } from '../support/model.ts';
import { canReach, explore, walksOver } from '../support/model.ts';
import { PureChart, type PureStep } from '../support/pure-step.ts';

/** What the world knows: the hook whose program runs, and which entered state has not had its hook yet. */
interface World {
  /** The number of the hook whose program lives; null when there is none. */
  readonly runs: number | null;
  readonly isKilled: boolean;
  /** The state that was entered last, until its hook has begun. */
  readonly owed: string | null;
  /** The state whose hook runs, or ran when its daemon ended. */
  readonly begun: string | null;
}

interface State {
  readonly step: PureStep<typeof hookMachine>;
  readonly world: World;
}

const chart = new PureChart(hookMachine);
const TIMERS: Readonly<Record<string, string>> = {
  'the time of a hook is over': 'xstate.after.hookLimit.hook.Running',
  'a second after a kill': 'xstate.after.killAgain.hook.Killing',
};

const model = explore<State>({
  start: { step: chart.begin(undefined), world: { runs: null, isKilled: false, owed: null, begun: null } },
  labels: ({ step: { after }, world }) => [
    'failed is entered',
    'running is entered',
    ...(world.runs === null ? [] : ['the hook ends', 'the hook fails']),
    'an older hook ends',
    'the daemon is killed',
    ...(after.matches('Running') ? ['the time of a hook is over'] : []),
    ...(after.matches('Killing') ? ['a second after a kill'] : []),
  ],
  step: ({ step: { after }, world }, label) => {
    const event = eventOf(label, after);
    const step = chart.step(after, event);
    return { step, world: checked(step, worldAfter(world, event, step), label) };
  },
  key: ({ step: { after }, world }) =>
    JSON.stringify([
      after.value,
      after.context.current,
      after.context.next,
      after.context.failure,
      world.runs === after.context.number,
      { ...world, runs: world.runs !== null },
    ]),
  limit: 1_000,
});

function eventOf(label: string, { context }: HookSnapshot): HookEvent {
  const [word = ''] = label.split(' ');
  const entered = { from: '', detail: '', exitCode: null, exitSignal: null };
  switch (label) {
    case 'the hook ends':
      return { type: 'HookEnded', number: context.number, failure: null };
    case 'the hook fails':
      return { type: 'HookEnded', number: context.number, failure: { at: 'now', detail: 'failed' } };
    case 'an older hook ends':
      return { type: 'HookEnded', number: context.number - 1, failure: null };
    case 'the daemon is killed':
      return { type: 'Restored' };
    default:
      return label in TIMERS
        ? ({ type: TIMERS[label] } as unknown as HookEvent)
        : { type: 'Entered', hook: { state: word, ...entered } };
  }
}

function worldAfter(before: World, event: HookEvent, { after, effects }: State['step']): World {
  // The next daemon kills what the last one has left.
  const isOver = event.type === 'Restored' || (event.type === 'HookEnded' && event.number === before.runs);
  let world: World = {
    ...before,
    runs: isOver ? null : before.runs,
    isKilled: isOver ? false : before.isKilled,
    owed: event.type === 'Entered' ? event.hook.state : before.owed,
  };
  for (const effect of effects) {
    if (effect === 'killHook') world = { ...world, isKilled: true };
    if (effect !== 'runHook') continue;
    if (world.runs !== null) throw new Error('two hooks of a job run at a time');
    const state = after.context.current?.state ?? '';
    const isAgain = event.type === 'Restored' && before.runs !== null && !before.isKilled;
    if (isAgain ? state !== before.begun : state !== world.owed)
      throw new Error(`the hook for ${state} runs, which nobody has asked for`);
    world = {
      runs: after.context.number,
      isKilled: false,
      owed: isAgain ? world.owed : null,
      begun: state,
    };
  }
  return world;
}

/** The invariants of one configuration. */
function checked({ after }: State['step'], world: World, label: string): World {
  const { context, value } = after;
  const wrong =
    value === 'Idle' && world.runs !== null
      ? 'a hook runs that the chart has forgotten'
      : value !== 'Idle' && world.runs !== context.number
        ? 'stuck: the chart waits for a hook that does not run'
        : value === 'Idle' && (world.owed !== null || context.current !== null)
          ? 'a state that was entered has had no hook'
          : value !== 'Idle' && (context.next?.state ?? null) !== world.owed
            ? 'not the newest state waits for its hook'
            : (value === 'Killing') !== world.isKilled
              ? 'a hook is killed before its time, or not after it'
              : null;
  if (wrong !== null) throw new Error(`${wrong}, after ${label} in ${JSON.stringify(value)}`);
  return world;
}

const isIdle = ({ step: { after } }: State): boolean => after.matches('Idle');
const isRequest = ({ label }: Edge<State>): boolean => / is (?:entered|killed)$/.test(label);

test('every invariant of hooks holds everywhere, and every arrow of their chart is walked', () => {
  const walks = walksOver(model, model.edges, { longest: 200 });
  for (const walk of walks) replay(walk);
  const taken = new Set(model.edges.flatMap(({ after }) => after.step.taken));
  expect(chart.transitions.filter((id) => !taken.has(id))).toEqual([]);
  expect({
    nodes: model.nodes.size,
    edges: model.edges.length,
    transitions: chart.transitions.length,
  }).toEqual({ nodes: 43, edges: 280, transitions: 12 });
});

test('the ends of hooks and timers alone bring the hook chart to rest from everywhere', () => {
  const edges = model.edges.filter((edge) => !isRequest(edge));
  const idle = [...model.nodes].filter(([, state]) => isIdle(state)).map(([key]) => key);
  expect(canReach(edges, idle).size).toBe(model.nodes.size);
});

function replay(walk: readonly Edge<State>[]): void {
  const bench = new Bench(hookMachine).begin(undefined);
  for (const { label, before, after } of walk) {
    const event = eventOf(label, bench.snapshot);
    if (event.type === 'Restored') bench.restore();
    if (label in TIMERS) expect(bench.fireTimer(event.type)).toBe(true);
    else bench.post(event);
    const real = [bench.value, bench.context.current, bench.context.next, bench.effects()];
    const { after: expected, effects } = after.step;
    const { current, next } = expected.context;
    if (!isDeepStrictEqual(real, [expected.value, current, next, effects]))
      throw new Error(`${label} in ${String(before.step.after.value)}: the host is ${JSON.stringify(real)}`);
    expect(readsBack(hookMachine, bench.snapshot)).toBe(true);
  }
}
