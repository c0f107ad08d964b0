import { graphOf, type Graph, type GraphEdge, type GraphNode } from '../../../src/chart/graph.ts';
import { simpleView } from '../../../src/chart/simple-view.ts';
import { SMALL_CHART } from '../../support/small-chart.ts';

const FEW_WORDS = { guards: false, actions: false, internal: false, merge: true };

const node = (id: string, initial: string | null = null): GraphNode => ({
  id,
  key: id.split('.').at(-1) as string,
  parent: id.includes('.') ? id.slice(0, id.lastIndexOf('.')) : null,
  kind: initial === null ? 'atomic' : 'compound',
  initial,
  entry: ['x'],
  exit: [],
});

const edge = (from: string, to: string, spec: string): GraphEdge => ({
  id: `${from} ${spec}`,
  from,
  to,
  trigger: 'after',
  name: 'x',
  guard: 'isX',
  actions: ['y'],
  isInternal: false,
  meta: { spec },
});

/** As the job's chart has them: some states have others within, and another region uses the same words. */
const JOB: Graph = {
  id: 'job',
  nodes: [
    node('job'),
    node('job.want.Down'),
    node('job.child', 'job.child.Down'),
    node('job.child.Down'),
    node('job.child.Waiting'),
    node('job.child.Up', 'job.child.Up.Starting'),
    node('job.child.Up.Starting', 'job.child.Up.Starting.Spawning'),
    node('job.child.Up.Starting.Spawning'),
    node('job.child.Up.Running'),
    node('job.child.Ending'),
    node('job.child.EndingSoon'),
  ],
  edges: [
    edge('job.want.Down', 'job.child.Waiting', 'J-20'),
    edge('job.child.EndingSoon', 'job.child.Down', 'J-37'),
    edge('job.child.Down', 'job.child.Waiting', 'J-20'),
    edge('job.child.Waiting', 'job.child.Up', 'J-21'),
    edge('job.child.Up.Starting.Spawning', 'job.child.Up.Running', 'J-30'),
    edge('job.child.Up', 'job.child.Ending', 'J-31'),
    edge('job.child.Ending', 'job.child.Waiting', 'J-37'),
  ],
};

test('a chart other than that of a job is drawn whole, in few words', () => {
  const graph = graphOf(SMALL_CHART);
  expect(simpleView(graph)).toEqual({ graph, view: FEW_WORDS });
});

test('a job is drawn as the life of its child, with states that have nothing inside', () => {
  const { graph, view } = simpleView(JOB);
  expect(view).toEqual(FEW_WORDS);
  expect(graph.id).toBe('job');
  expect(graph.nodes.map(({ id, key, parent, kind, initial }) => [id, key, parent, kind, initial])).toEqual([
    ['job', 'job', null, 'compound', 'job.child.Down'],
    ['job.child.Down', 'Down', 'job', 'atomic', null],
    ['job.child.Waiting', 'Waiting', 'job', 'atomic', null],
    ['job.child.Up.Starting', 'Starting', 'job', 'atomic', null],
    ['job.child.Up.Running', 'Running', 'job', 'atomic', null],
    ['job.child.Ending', 'Ending', 'job', 'atomic', null],
  ]);
});

test('an arrow of a life may begin and end in a parent or a child of its states', () => {
  const { edges } = simpleView(JOB).graph;
  expect(edges.map(({ id, from, to, trigger, name, guard }) => [id, from, to, trigger, name, guard])).toEqual(
    [
      ['job.child.Down J-20', 'job.child.Down', 'job.child.Waiting', 'event', 'wanted', null],
      [
        'job.child.Waiting J-21',
        'job.child.Waiting',
        'job.child.Up.Starting',
        'event',
        'dependencies up, test passed',
        null,
      ],
      [
        'job.child.Up.Starting.Spawning J-30',
        'job.child.Up.Starting',
        'job.child.Up.Running',
        'event',
        'ready',
        null,
      ],
      ['job.child.Up J-31', 'job.child.Up.Running', 'job.child.Ending', 'event', 'exits', null],
      ['job.child.Up J-31', 'job.child.Up.Starting', 'job.child.Ending', 'event', 'exits too soon', null],
    ],
  );
});

test('a job chart without any state of a life is a mistake of ours', () => {
  expect(() => simpleView({ id: 'job', nodes: [node('job')], edges: [] })).toThrow(
    'the job chart has none of the states of a life',
  );
});
