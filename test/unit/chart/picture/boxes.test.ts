import { graphOf } from '../../../../src/chart/graph.ts';
import { textOf } from '../../../../src/chart/lines.ts';
import { boxesOf } from '../../../../src/chart/picture/boxes.ts';
import { widthOf } from '../../../../src/chart/picture/letter-widths.ts';
import { SMALL_CHART } from '../../../support/small-chart.ts';

const words = { graph: graphOf(SMALL_CHART), guards: true, actions: true };
const { root, boxes, arrows } = boxesOf(words);
const [lock, light] = root.children;
const wide = (text: string): number => widthOf(text, { size: 11 });

test('boxes are nested as the states are, with a dot wherever one of them is entered first', () => {
  const ids = (children: typeof root.children = []): readonly string[] => children.map(({ id }) => id);
  expect([ids(root.children), ids(lock?.children), ids(lock?.children?.[2]?.children)]).toEqual([
    ['door.lock', 'door.light'],
    ['door.lock start', 'door.lock.Open', 'door.lock.Shut', 'door.lock.Gone'],
    ['door.lock.Shut start', 'door.lock.Shut.Loose', 'door.lock.Shut.Tight'],
  ]);
  expect(lock?.children?.[0]).toEqual({ id: 'door.lock start', width: 10, height: 10 });
});

test('a box is large enough for its name and its lines, and for a second border', () => {
  const [, open, , gone] = lock?.children ?? [];
  expect(open).toEqual({ id: 'door.lock.Open', width: wide('entry / greet') + 28, height: 32 + 4 * 14 + 2 });
  expect(gone).toEqual({ id: 'door.lock.Gone', width: 68 + 8, height: 32 + 8 });
  const long = { ...words.graph.nodes.at(-1)!, key: 'ALongNameOfAState' };
  const { root: other } = boxesOf({
    ...words,
    graph: { ...words.graph, nodes: [...words.graph.nodes.slice(0, -1), long] },
  });
  expect(other.children[1]?.children?.at(-1)).toEqual({
    id: 'door.light.On',
    width: widthOf('ALongNameOfAState', { size: 13, isBold: true }) + 28,
    height: 32,
  });
});

test('a box with others inside has room for its name above them', () => {
  expect(light?.layoutOptions).toEqual({
    'elk.padding': '[top=36,left=18,bottom=18,right=18]',
    'elk.nodeSize.constraints': 'MINIMUM_SIZE',
    'elk.nodeSize.minimum': '(68,32)',
  });
  const kinds = [...boxes.values()].map(({ node, isComposite, isRegion, lines }) => [
    node.key,
    isComposite,
    isRegion,
    lines.length,
  ]);
  expect(kinds).toEqual([
    ['Open', false, false, 4],
    ['Loose', false, false, 0],
    ['Tight', false, false, 0],
    ['Shut', true, false, 0],
    ['Gone', false, false, 0],
    ['lock', true, true, 0],
    ['Off', false, false, 0],
    ['On', false, false, 0],
    ['light', true, true, 0],
  ]);
});

const STRAIGHT = { 'elk.layered.priority.straightness': '30', 'elk.layered.priority.shortness': '5' };

test('an arrow that leads back is laid out in reverse, and one to the next state straight', () => {
  const label = (text: string): object => ({
    text,
    width: wide(text) + 10,
    height: 18,
    layoutOptions: { 'elk.edgeLabels.inline': 'true' },
  });
  const [open, shut, gone] = ['door.lock.Open', 'door.lock.Shut', 'door.lock.Gone'] as const;
  expect(root.edges?.slice(0, 3)).toEqual([
    {
      id: `${open}..${shut}`,
      sources: [open],
      targets: [shut],
      labels: [label('Close [isReady] / note')],
      layoutOptions: STRAIGHT,
    },
    { id: `${open}..${gone}`, sources: [open], targets: [gone], labels: [label('Close')] },
    { id: `${shut}..${open}`, sources: [open], targets: [shut], labels: [label('after patience')] },
  ]);
  expect(lock?.edges).toEqual([
    { id: 'door.lock start arrow', sources: ['door.lock start'], targets: [open], layoutOptions: STRAIGHT },
  ]);
  expect([...arrows].map(([id, arrow]) => [id, arrow.id, arrow.lines.map(textOf), arrow.isBack])).toEqual([
    [`${open}..${shut}`, `${open}..${shut}`, ['Close [isReady] / note'], false],
    [`${open}..${gone}`, `${open}..${gone}`, ['Close'], false],
    [`${shut}..${open}`, `${shut}..${open}`, ['after patience'], true],
    [`${shut}.Loose..${shut}.Tight`, `${shut}.Loose..${shut}.Tight`, ['Turn [isCurrentRun]'], false],
    ['door.light.Off..door.light.On', 'door.light.Off..door.light.On', ['always [isReady]'], false],
    ['door.lock.Shut start arrow', null, [], false],
    ['door.lock start arrow', null, [], false],
    ['door.light start arrow', null, [], false],
  ]);
});

test('transitions between two states share an arrow, and internal ones have none', () => {
  const [close] = words.graph.edges;
  const graph = {
    ...words.graph,
    edges: [...words.graph.edges, { ...close!, name: 'Slam' }, { ...close!, from: 'door' }],
  };
  const shown = boxesOf({ ...words, graph });
  const slam = shown.root.edges?.[0]?.labels?.[0];
  expect([shown.root.edges?.length, slam?.text, slam?.height]).toEqual([
    5,
    'Close, Slam [isReady] / note',
    18,
  ]);
});
