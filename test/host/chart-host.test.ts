import { assign, initialTransition, setup, transition } from 'xstate';
import type { ChartHostOptions, Kept, Step } from '../../src/host/chart-host.ts';
import { ChartHost } from '../../src/host/chart-host.ts';
import { firstStep, nextStep } from '../../src/host/chart-step.ts';
import { FakeClock } from '../support/fake-clock.ts';

type Event = { readonly type: 'Go' | 'Back' | 'Lengthen' | 'Other' };

/**
 * A small chart with all that the host handles: effects, two of them in a step, a timer, and a delay that
 * context decides.
 */
const machine = setup({
  types: {
    context: {} as { readonly delayMs: number; readonly steps: number },
    events: {} as Event,
    input: {} as { readonly delayMs: number },
  },
  actions: {
    greet: () => {},
    enter: () => {},
    leave: () => {},
    ring: () => {},
    count: assign({ steps: ({ context }) => context.steps + 1 }),
  },
  delays: { patience: ({ context }) => context.delayMs },
}).createMachine({
  id: 'small',
  context: ({ input }) => ({ delayMs: input.delayMs, steps: 0 }),
  initial: 'Here',
  states: {
    Here: { entry: 'greet', on: { Go: { target: 'There', actions: 'count' } } },
    There: {
      entry: ['enter', 'count'],
      exit: 'leave',
      after: { patience: { target: 'Rung' } },
      on: { Back: { target: 'Here' }, Go: { target: 'There', reenter: true } },
    },
    Rung: { entry: 'ring', on: { Back: { target: 'Here' } } },
  },
});

type Options = ChartHostOptions<typeof machine>;

function hostWith(options: Partial<Options> = {}): {
  readonly host: ChartHost<typeof machine>;
  readonly clock: FakeClock;
  readonly log: string[];
} {
  const clock = new FakeClock();
  const log: string[] = [];
  const host = new ChartHost({
    machine,
    clock,
    keep: ({ event, after }) => log.push(`keep ${event.type} ${after.value}`),
    perform: (effect, after) => log.push(`${effect} ${after.value}`),
    ...options,
  });
  return { host, clock, log };
}

/** What of a step can be compared: what XState adds for itself differs from call to call. */
function inShort(
  { value, context }: { readonly value: unknown; readonly context: unknown },
  asked: readonly { readonly type: string; readonly params?: unknown }[],
): unknown {
  const timers = asked.map(({ type, params }) => {
    const { id, sendId, delay } = (params ?? {}) as {
      readonly id?: string;
      readonly sendId?: string;
      readonly delay?: number;
    };
    return { type, id, sendId, delay };
  });
  return { value, context, timers };
}

test('T-253 a step is kept before its effects are performed, in their order', () => {
  const { host, log } = hostWith();
  host.begin({ delayMs: 10 });
  host.post({ type: 'Go' });
  host.post({ type: 'Go' });
  expect(log).toEqual([
    'keep xstate.init Here',
    'greet Here',
    'keep Go There',
    'enter There',
    'keep Go There',
    'leave There',
    'enter There',
  ]);
});

test('a step has the event, the new snapshot and the effects', () => {
  const steps: Step<typeof machine>[] = [];
  const { host } = hostWith({ keep: (step) => steps.push(step) });
  host.begin({ delayMs: 10 });
  host.post({ type: 'Go' });
  expect(
    steps.map(({ event, before, after, effects }) => [
      event.type,
      before?.value ?? null,
      after.value,
      effects,
    ]),
  ).toEqual([
    ['xstate.init', null, 'Here', ['greet']],
    ['Go', 'Here', 'There', ['enter']],
  ]);
  expect(host.snapshot.context.steps).toBe(2);
});

test('events that effects post are taken after the step, in the order in which they came', () => {
  const log: string[] = [];
  const { host } = hostWith({
    keep: ({ event }) => log.push(event.type),
    perform: (effect) => {
      if (effect !== 'enter') return;
      log.push('enter begins');
      if (log.length < 6) host.post({ type: 'Back' });
      host.post({ type: 'Other' });
      log.push('enter ends');
    },
  });
  host.begin({ delayMs: 10 });
  host.post({ type: 'Go' });
  expect(log).toEqual(['xstate.init', 'Go', 'enter begins', 'enter ends', 'Back', 'Other']);
});

test('events that the first effects post are taken after the beginning', () => {
  const { host } = hostWith({ perform: (effect) => effect === 'greet' && host.post({ type: 'Go' }) });
  host.begin({ delayMs: 10 });
  expect(host.snapshot.value).toBe('There');
});

test('an event without a transition is a step that changes nothing', () => {
  const { host, log } = hostWith();
  host.begin({ delayMs: 10 });
  const before = host.snapshot;
  host.post({ type: 'Other' });
  expect(host.snapshot).toBe(before);
  expect(log.at(-1)).toBe('keep Other Here');
});

test('a step is what XState itself makes of it, with the same effects in the same order', () => {
  const first = firstStep(machine, { delayMs: 10 });
  let [snapshot, actions] = initialTransition(machine, { delayMs: 10 });
  expect(inShort(first.after, first.asked)).toEqual(inShort(snapshot, actions));
  let { after } = first;
  for (const type of ['Go', 'Go', 'Other', 'Back', 'Lengthen', 'Go'] as const) {
    const next = nextStep(machine, after, { type });
    [snapshot, actions] = transition(machine, snapshot, { type });
    expect(inShort(next.after, next.asked)).toEqual(inShort(snapshot, actions));
    after = next.after;
  }
});

test('two charts that take turns know nothing of each other', () => {
  const one = hostWith();
  const other = hostWith({ perform: () => one.host.post({ type: 'Back' }) });
  one.host.begin({ delayMs: 10 });
  one.host.post({ type: 'Go' });
  other.host.begin({ delayMs: 20 });
  other.host.post({ type: 'Go' });
  expect([one.host.snapshot.value, one.host.snapshot.context]).toEqual(['Here', { delayMs: 10, steps: 2 }]);
  expect([other.host.snapshot.value, other.host.snapshot.context]).toEqual([
    'There',
    { delayMs: 20, steps: 2 },
  ]);
});

describe('a bug in a chart is thrown, and the chart keeps its state', () => {
  const flawed = setup({
    types: { events: {} as Event, input: {} as { readonly isBroken: boolean } },
  }).createMachine({
    context: ({ input: { isBroken } }) => {
      if (isBroken) throw new Error('a flaw');
      return {};
    },
    initial: 'Here',
    states: {
      Here: {
        on: {
          Go: {
            guard: () => {
              throw new Error('a flaw');
            },
          },
        },
      },
    },
  });

  const nothing = (): void => undefined;

  const host = (): ChartHost<typeof flawed> =>
    new ChartHost({ machine: flawed, clock: new FakeClock(), keep: nothing, perform: nothing });

  test('a bug in the first step of a chart is thrown, and the chart keeps its state', () => {
    const broken = host();
    expect(() => broken.begin({ isBroken: true })).toThrow('a flaw');
    expect(() => broken.snapshot).toThrow('the chart has not begun');
  });

  test('a bug in a later step of a chart is thrown, and the chart keeps its state', () => {
    const begun = host();
    begun.begin({ isBroken: false });
    expect(() => begun.post({ type: 'Go' })).toThrow('a flaw');
    expect(begun.snapshot.value).toBe('Here');
  });
});

test('a timer is set on entry and falls due once', () => {
  const { host, clock, log } = hostWith();
  host.begin({ delayMs: 10 });
  host.post({ type: 'Go' });
  expect([host.dueAt('patience'), clock.pending]).toEqual([clock.wall() + 10, 1]);
  clock.advance(9);
  expect(host.snapshot.value).toBe('There');
  clock.advance(1_000);
  expect(host.snapshot.value).toBe('Rung');
  expect(log.filter((line) => line.startsWith('ring'))).toHaveLength(1);
  expect([host.dueAt('patience'), clock.pending]).toEqual([null, 0]);
});

test('a timer is cleared on exit, and set anew on the next entry', () => {
  const { host, clock } = hostWith();
  host.begin({ delayMs: 10 });
  host.post({ type: 'Go' });
  host.post({ type: 'Back' });
  expect([host.dueAt('patience'), clock.pending]).toEqual([null, 0]);
  clock.advance(100);
  expect(host.snapshot.value).toBe('Here');
  host.post({ type: 'Go' });
  clock.advance(9);
  host.post({ type: 'Go' });
  clock.advance(9);
  expect(host.snapshot.value).toBe('There');
  clock.advance(1);
  expect(host.snapshot.value).toBe('Rung');
});

test('T-213 a delay longer than a timer can keep does not fall due at once', () => {
  const { host, clock } = hostWith();
  host.begin({ delayMs: 2 ** 40 });
  host.post({ type: 'Go' });
  clock.advance(2 ** 31 - 2);
  expect(host.snapshot.value).toBe('There');
});

test('a restored step performs nothing, and its timers run once they are armed', () => {
  const first = hostWith();
  first.host.begin({ delayMs: 10 });
  first.host.post({ type: 'Go' });
  const { value, context } = first.host.snapshot;
  const { host, clock, log } = hostWith();
  host.restore(JSON.parse(JSON.stringify({ value, context })) as Kept);
  expect([host.snapshot.value, host.snapshot.context, log, clock.pending]).toEqual([
    'There',
    { delayMs: 10, steps: 2 },
    [],
    0,
  ]);
  host.rearm();
  clock.advance(9);
  expect(log).toEqual([]);
  clock.advance(1);
  expect(log).toEqual(['keep xstate.after.patience.small.There Rung', 'leave Rung', 'ring Rung']);
});

test('a timer that runs is not armed anew', () => {
  const { host, clock } = hostWith();
  host.begin({ delayMs: 10 });
  host.post({ type: 'Go' });
  clock.advance(5);
  host.rearm();
  expect(clock.pending).toBe(1);
  clock.advance(5);
  expect(host.snapshot.value).toBe('Rung');
});

test('an effect that throws keeps no other effect and no later event from being taken', () => {
  const bugs: unknown[] = [];
  const log: string[] = [];
  const { host } = hostWith({
    perform: (effect) => {
      log.push(effect);
      if (effect === 'enter') throw new Error('planted');
    },
    onBug: (error) => bugs.push((error as Error).message),
  });
  host.begin({ delayMs: 10 });
  host.post({ type: 'Go' });
  host.post({ type: 'Go' });
  expect([log, bugs]).toEqual([
    ['greet', 'enter', 'leave', 'enter'],
    ['planted', 'planted'],
  ]);
});

test('a step that cannot be kept is still performed', () => {
  const bugs: unknown[] = [];
  const { host, log } = hostWith({
    keep: () => {
      throw new Error('planted');
    },
    onBug: (error) => bugs.push((error as Error).message),
  });
  host.begin({ delayMs: 10 });
  expect([log, bugs]).toEqual([['greet Here'], ['planted']]);
});

test('after an exception that nobody hears of, the next event is taken', () => {
  let isBroken = true;
  const { host } = hostWith({
    perform: () => {
      if (isBroken) throw new Error('planted');
    },
  });
  expect(() => host.begin({ delayMs: 10 })).toThrow('planted');
  isBroken = false;
  host.post({ type: 'Go' });
  expect(host.snapshot.value).toBe('There');
});

test('a state that the chart does not have is not restored', () => {
  const { host } = hostWith();
  expect(() => host.restore({ value: 'Nowhere', context: { delayMs: 1, steps: 0 } })).toThrow();
});

test('a chart that has not begun has no configuration', () => {
  const { host } = hostWith();
  expect(host.hasBegun).toBe(false);
  expect(() => host.snapshot).toThrow('the chart has not begun');
});

test('an event that the first state posts is handled after that state was entered', () => {
  const seen: unknown[] = [];
  const made = hostWith({
    perform: (effect) => {
      if (effect === 'greet') made.host.post({ type: 'Go' });
      seen.push(effect, made.host.snapshot.value);
    },
  });
  made.host.begin({ delayMs: 10 });
  expect(seen.slice(0, 2)).toEqual(['greet', 'Here']);
  expect([made.host.hasBegun, made.host.snapshot.value]).toEqual([true, 'There']);
  expect([made.host.dueAt('patience') === null, made.host.dueAt('other'), made.host.dueAt('pat')]).toEqual([
    false,
    null,
    null,
  ]);
});

test('after a chart has ended nothing happens: no event, no timer, no rest of a step', () => {
  const { host, clock, log } = hostWith();
  host.begin({ delayMs: 10 });
  host.post({ type: 'Go' });
  host.end();
  expect(clock.pending).toBe(0);
  host.post({ type: 'Back' });
  clock.advance(100);
  expect(log.at(-1)).toBe('enter There');

  const performed: string[] = [];
  const ending = hostWith({
    perform: (effect) => {
      performed.push(effect);
      if (effect !== 'leave') return;
      ending.host.post({ type: 'Back' });
      ending.host.end();
    },
  });
  ending.host.begin({ delayMs: 10 });
  ending.host.post({ type: 'Go' });
  ending.host.post({ type: 'Go' });
  ending.host.post({ type: 'Back' });
  expect(performed).toEqual(['greet', 'enter', 'leave']);
  expect(ending.clock.pending).toBe(0);
});

test('a step that cannot be kept has no effects', () => {
  const performed: string[] = [];
  const { host } = hostWith({
    keep: ({ event }) => {
      if (event.type === 'Go') throw new Error('no room');
    },
    perform: (effect) => performed.push(effect),
  });
  host.begin({ delayMs: 10 });
  expect(() => host.post({ type: 'Go' })).toThrow('no room');
  expect(performed).toEqual(['greet']);
});
