import { createMachine, setup, type AnyStateMachine } from 'xstate';
import { childrenOf, graphOf, leadsBack, nodeIn, orderOf, transitionsOf } from '../../../src/chart/graph.ts';
import { SMALL_CHART } from '../../support/small-chart.ts';

const graph = graphOf(SMALL_CHART);

test('each state is a node with its kind, what it is in, where it begins, and its own actions', () => {
  expect(graph.nodes.map(({ id, key, parent, kind, initial }) => [id, key, parent, kind, initial])).toEqual([
    ['door', 'door', null, 'parallel', null],
    ['door.lock', 'lock', 'door', 'compound', 'door.lock.Open'],
    ['door.lock.Open', 'Open', 'door.lock', 'atomic', null],
    ['door.lock.Shut', 'Shut', 'door.lock', 'compound', 'door.lock.Shut.Loose'],
    ['door.lock.Shut.Loose', 'Loose', 'door.lock.Shut', 'atomic', null],
    ['door.lock.Shut.Tight', 'Tight', 'door.lock.Shut', 'atomic', null],
    ['door.lock.Gone', 'Gone', 'door.lock', 'final', null],
    ['door.light', 'light', 'door', 'compound', 'door.light.Off'],
    ['door.light.Off', 'Off', 'door.light', 'atomic', null],
    ['door.light.On', 'On', 'door.light', 'atomic', null],
  ]);
  const { entry, exit } = nodeIn(graph, 'door.lock.Open');
  expect([entry, exit]).toEqual([['greet'], ['leave', 'note']]);
  // XState starts and stops a timer there, which nobody wrote.
  expect(nodeIn(graph, 'door.lock.Shut')).toMatchObject({ entry: [], exit: [] });
});

test('each transition is an edge with what triggers it, its guard, its actions and its rule', () => {
  const said = graph.edges.map(({ from, to, trigger, name, guard, actions, isInternal, meta }) => [
    `${from} -> ${to}`,
    [trigger, name, guard, actions.join()],
    isInternal,
    meta,
  ]);
  expect(said).toEqual([
    ['door.lock.Open -> door.lock.Shut', ['event', 'Close', 'isReady', 'note'], false, { spec: 'D-1' }],
    ['door.lock.Open -> door.lock.Gone', ['event', 'Close', null, ''], false, { refined: 'why' }],
    ['door.lock.Open -> door.lock.Open', ['event', 'Ring', null, 'note'], true, { spec: 'D-2' }],
    ['door.lock.Shut -> door.lock.Open', ['after', 'patience', null, ''], false, { spec: 'D-3' }],
    ['door.lock.Shut.Loose -> door.lock.Shut.Tight', ['event', 'Turn', 'isCurrentRun', ''], false, {}],
    ['door.light.Off -> door.light.On', ['always', '', 'isReady', ''], false, {}],
  ]);
  expect(transitionsOf(SMALL_CHART).map(({ type, node }) => [type, node.id])).toEqual([
    ['Close', 'door.lock.Open'],
    ['Close', 'door.lock.Open'],
    ['Ring', 'door.lock.Open'],
    ['xstate.after.patience.door.lock.Shut', 'door.lock.Shut'],
    ['Turn', 'door.lock.Shut.Loose'],
    ['', 'door.light.Off'],
  ]);
  expect(new Set(graph.edges.map(({ id }) => id)).size).toBe(graph.edges.length);
});

test('an action with parameters has its name, and a guard written in place is a question mark', () => {
  const machine = setup({ actions: { ring: (_, _times: { times: number }) => undefined } }).createMachine({
    id: 'bell',
    initial: 'On',
    states: {
      On: {
        entry: [{ type: 'ring', params: { times: 2 } }],
        on: { Off: { guard: () => true, target: 'Off' } },
      },
      Off: {},
    },
  });
  const bell = graphOf(machine as unknown as AnyStateMachine);
  expect([nodeIn(bell, 'bell.On').entry, bell.edges.map(({ guard }) => guard)]).toEqual([['ring'], ['?']]);
});

test('nested states, and their order, are as in the chart’s file', () => {
  expect(childrenOf(graph, 'door.lock').map(({ key }) => key)).toEqual(['Open', 'Shut', 'Gone']);
  expect([orderOf(graph, 'door'), orderOf(graph, 'door.lock.Gone')]).toEqual([0, 6]);
  const [open, shut] = ['door.lock.Open', 'door.lock.Shut'] as const;
  expect([leadsBack(graph, shut, open), leadsBack(graph, open, shut), leadsBack(graph, open, open)]).toEqual([
    true,
    false,
    false,
  ]);
  expect(graphOf(createMachine({ id: 'none' })).edges).toEqual([]);
});
