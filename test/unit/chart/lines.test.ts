import { escaped } from '../../../src/chart/escaped.ts';
import { graphOf, nodeIn } from '../../../src/chart/graph.ts';
import { arrowLines, boxLines, textOf } from '../../../src/chart/lines.ts';
import { inWords } from '../../../src/chart/words.ts';
import { SMALL_CHART } from '../../support/small-chart.ts';

const graph = graphOf(SMALL_CHART);
const [close] = graph.edges;
const edge = (name: string, guard: string | null = null, actions: readonly string[] = []) => ({
  ...close!,
  id: name,
  name,
  guard,
  actions,
});
const shown = (edges: readonly ReturnType<typeof edge>[], guards = true, actions = true): readonly string[] =>
  arrowLines(edges, { graph, guards, actions }).map(textOf);

test('a box lists what its state does, unless no actions are shown', () => {
  const open = nodeIn(graph, 'door.lock.Open');
  expect(boxLines(open, { graph, guards: true, actions: true }).map(textOf)).toEqual([
    'entry / greet',
    'exit / leave',
    'exit / note',
    'Ring / note',
  ]);
  expect(boxLines(open, { graph, guards: true, actions: false })).toEqual([]);
});

test('events with the same guard and deeds share a line, which is broken where it is long', () => {
  expect(shown([edge('A'), edge('B'), edge('C', 'isReady'), edge('A')])).toEqual(['A, B', 'C [isReady]']);
  expect(shown([edge('A'.repeat(12)), edge('B'.repeat(12)), edge('C')])).toEqual([
    `${'A'.repeat(12)}, ${'B'.repeat(12)},`.slice(0, 13),
    `${'B'.repeat(12)}, C`,
  ]);
  expect(shown([edge('A', 'isReady', ['one', 'two'])])).toEqual(['A [isReady] / one, two']);
  expect(shown([edge('A'.repeat(20), 'isReady', ['one'])])).toEqual([
    `${'A'.repeat(20)} [isReady]`,
    '  / one',
  ]);
  expect(shown([edge('A', null, ['x'.repeat(30)])])).toEqual([`A / ${'x'.repeat(30)}`]);
  expect(shown([edge('A', null, ['x'.repeat(31)])])).toEqual(['A', `  / ${'x'.repeat(31)}`]);
});

test('a guard is a part of its own, and is said in words where others lead elsewhere', () => {
  const [line] = arrowLines([edge('Close', 'isReady')], { graph, guards: true, actions: true });
  expect(line?.map(({ isGuard }) => isGuard)).toEqual([false, true]);
  expect(shown([edge('Close', 'isReady', ['note'])], false, false)).toEqual(['Close [is ready]']);
  expect(shown([edge('Close', 'isCurrentRun'), edge('Else', 'isReady')], false)).toEqual(['Close, Else']);
  expect([inWords('isCurrentRun'), escaped('<a & b>')]).toEqual(['is current run', '&lt;a &amp; b&gt;']);
});
