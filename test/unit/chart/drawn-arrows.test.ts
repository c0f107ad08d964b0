import { drawnArrows, drawnArrowsOfSome, withInitial } from '../../../src/chart/drawn-arrows.ts';
import { childrenOf, graphOf, leadsBack, nodeIn, orderOf, transitionsOf } from '../../../src/chart/graph.ts';
import { narrowed } from '../../../src/chart/subgraph.ts';
import { SMALL_CHART } from '../../support/small-chart.ts';

const graph = graphOf(SMALL_CHART);
const ends = (arrows: object): readonly string[] =>
  Object.values(arrows).map(
    ({ from, to }: { readonly from: string | null; readonly to: string }) => `${from} ${to}`,
  );

test('each transition that leaves its state is an arrow of the picture', () => {
  expect(ends(drawnArrows(graph))).toEqual([
    'door.lock.Open door.lock.Shut',
    'door.lock.Open door.lock.Gone',
    'door.lock.Shut door.lock.Open',
    'door.lock.Shut.Loose door.lock.Shut.Tight',
    'door.light.Off door.light.On',
  ]);
  expect(Object.keys(drawnArrows(graph))).toEqual(
    graph.edges.filter(({ isInternal }) => !isInternal).map(({ id }) => id),
  );
});

test('an arrow of a picture of some states leads to the one that it enters', () => {
  const some = narrowed(graph, { region: 'lock', depth: 1 });
  expect(ends(drawnArrowsOfSome(graph, some))).toEqual([
    'null door.lock.Shut',
    'null door.lock.Gone',
    'null door.lock.Open',
    'null door.lock.Shut',
  ]);
});

test('with a state its initial children are entered', () => {
  expect([
    withInitial(graph, 'door.lock'),
    withInitial(graph, 'door.lock.Shut'),
    withInitial(graph, 'door.lock.Gone'),
  ]).toEqual([
    ['door.lock', 'door.lock.Open'],
    ['door.lock.Shut', 'door.lock.Shut.Loose'],
    ['door.lock.Gone'],
  ]);
});

test('a graph knows its nodes, their kinds, their order and their transitions', () => {
  expect(childrenOf(graph, 'door.lock').map(({ key, kind }) => `${key} ${kind}`)).toEqual([
    'Open atomic',
    'Shut compound',
    'Gone final',
  ]);
  expect(nodeIn(graph, 'door')).toEqual({
    id: 'door',
    key: 'door',
    parent: null,
    kind: 'parallel',
    initial: null,
    entry: [],
    exit: [],
  });
  expect(nodeIn(graph, 'door.lock.Shut')).toMatchObject({
    entry: [],
    exit: [],
    initial: 'door.lock.Shut.Loose',
  });
  expect([
    orderOf(graph, 'door'),
    orderOf(graph, 'none'),
    leadsBack(graph, 'door.lock.Shut', 'door.lock.Open'),
    leadsBack(graph, 'door.lock.Open', 'door.lock.Shut'),
    leadsBack(graph, 'door.lock.Open', 'door.lock.Open'),
  ]).toEqual([0, -1, true, false, false]);
  expect(
    transitionsOf(SMALL_CHART).map(({ type }) => type.replace(/^xstate\.after\.patience\..*/, 'after')),
  ).toEqual(['Close', 'Close', 'Ring', 'after', 'Turn', '']);
  expect(graph.edges.map(({ trigger, name }) => `${trigger} ${name}`.trim())).toEqual([
    'event Close',
    'event Close',
    'event Ring',
    'after patience',
    'event Turn',
    'always',
  ]);
});
