import { setup, type AnyStateMachine } from 'xstate';

const nothing = (): undefined => undefined;

/** A chart with a bit of everything that is drawn: regions, guards, delays, actions, a final state. */
export const SMALL_CHART: AnyStateMachine = setup({
  actions: { greet: nothing, leave: nothing, note: nothing },
  guards: { isReady: () => true, isCurrentRun: () => true },
  delays: { patience: 10 },
}).createMachine({
  id: 'door',
  type: 'parallel',
  states: {
    lock: {
      initial: 'Open',
      states: {
        Open: {
          entry: 'greet',
          exit: ['leave', 'note'],
          on: {
            Close: [
              { guard: 'isReady', target: 'Shut', actions: 'note', meta: { spec: 'D-1' } },
              { target: 'Gone', meta: { refined: 'why' } },
            ],
            Ring: { actions: 'note', meta: { spec: 'D-2' } },
          },
        },
        Shut: {
          initial: 'Loose',
          after: { patience: { target: 'Open', meta: { spec: 'D-3' } } },
          states: { Loose: { on: { Turn: { guard: 'isCurrentRun', target: 'Tight' } } }, Tight: {} },
        },
        Gone: { type: 'final' },
      },
    },
    light: { initial: 'Off', states: { Off: { always: { guard: 'isReady', target: 'On' } }, On: {} } },
  },
});
