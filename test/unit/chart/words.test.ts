import { drawnArrows } from '../../../src/chart/drawn-arrows.ts';
import { graphOf, type Graph, type GraphEdge } from '../../../src/chart/graph.ts';
import { toMermaid } from '../../../src/chart/mermaid.ts';
import { choiceOf, inWords, triggerText } from '../../../src/chart/words.ts';
import { SMALL_CHART } from '../../support/small-chart.ts';

const EDGE: GraphEdge = {
  id: 'e',
  from: 'd.A',
  to: 'd.B',
  trigger: 'event',
  name: 'Stop',
  guard: 'isReady',
  actions: [],
  isInternal: false,
  meta: {},
};
const edge = (more: Partial<GraphEdge>): GraphEdge => ({ ...EDGE, ...more });
const choiceAmong = (...edges: readonly GraphEdge[]): string | null =>
  choiceOf({ id: 'd', nodes: [], edges }, edges[0] ?? EDGE);

test('a condition is said where the same event leads elsewhere without it', () => {
  expect(choiceAmong(EDGE, edge({ to: 'd.C', guard: null }))).toBe('is ready');
});

test.each<[string, readonly GraphEdge[]]>([
  ['the event has one target', [EDGE]],
  ['both of its arrows have the same target', [EDGE, edge({ guard: 'isLate' })]],
  ['the other arrow is of another event', [EDGE, edge({ to: 'd.C', name: 'Start' })]],
  ['the other arrow leaves another state', [EDGE, edge({ to: 'd.C', from: 'd.D' })]],
  ['the other arrow is of a delay with that name', [EDGE, edge({ to: 'd.C', trigger: 'after' })]],
  ['it only drops what is old', [edge({ guard: 'isCurrentRun' }), edge({ to: 'd.C' })]],
  ['the arrow is always taken', [edge({ trigger: 'always' }), edge({ trigger: 'always', to: 'd.C' })]],
  ['there is none', [edge({ guard: null }), edge({ to: 'd.C' })]],
])('no condition is said where %s', (_, edges) => {
  expect(choiceAmong(...edges)).toBeNull();
});

test('triggers and guards are said in words', () => {
  expect([
    triggerText(EDGE),
    triggerText(edge({ trigger: 'after', name: 'stopTimeout' })),
    triggerText(edge({ trigger: 'always', name: '' })),
    inWords('isCurrentRun'),
  ]).toEqual(['Stop', 'after stopTimeout', 'always', 'is current run']);
});

test('an arrow from a whole chart is in no picture, for it would begin nowhere', () => {
  const graph = graphOf(SMALL_CHART);
  const root = edge({ id: 'root', from: graph.id, to: 'door.lock.Gone' });
  expect(Object.keys(drawnArrows({ ...graph, edges: [root, EDGE] }))).toEqual(['e']);
});

test('what Mermaid would take for its own is escaped in names and labels', () => {
  const graph = graphOf(SMALL_CHART);
  const odd: Graph = {
    ...graph,
    edges: [edge({ from: 'door.lock.Open', to: 'door.lock.Gone', name: 'a:b;"#' })],
  };
  expect(toMermaid(odd, { guards: false })).toContain(' : a#58;b#59;#34;#35;\n');
});
