import { withInitial } from './drawn-arrows.ts';
import type { Graph, GraphEdge, GraphNode } from './graph.ts';
import type { MermaidOptions } from './mermaid.ts';

/** A graph and how to draw it. */
export interface Picture {
  readonly graph: Graph;
  readonly view: MermaidOptions;
}

/** One arrow of a job's life: a rule between two states, and its text for people. */
interface LifeArrow {
  readonly from: string;
  readonly to: string;
  readonly rule: string;
  readonly label: string;
}

const FEW_WORDS = { guards: false, actions: false, internal: false, merge: true };

/** The happy path first, straight down; then the ways out and back. */
const LIFE: readonly LifeArrow[] = [
  { from: 'Down', to: 'Waiting', rule: 'J-20', label: 'wanted' },
  { from: 'Waiting', to: 'Starting', rule: 'J-21', label: 'dependencies up, test passed' },
  { from: 'Starting', to: 'Running', rule: 'J-30', label: 'ready' },
  { from: 'Running', to: 'Ending', rule: 'J-31', label: 'exits' },
  { from: 'Running', to: 'Ending', rule: 'J-35', label: 'no longer wanted' },
  { from: 'Ending', to: 'Finished', rule: 'J-41', label: 'done' },
  { from: 'Starting', to: 'Ending', rule: 'J-31', label: 'exits too soon' },
  { from: 'Ending', to: 'Backoff', rule: 'J-39', label: 'to be restarted' },
  { from: 'Backoff', to: 'Waiting', rule: 'J-39', label: 'after a delay' },
  { from: 'Ending', to: 'Failed', rule: 'J-46', label: 'failed' },
  { from: 'Ending', to: 'GivenUp', rule: 'J-40', label: 'failed too often' },
  { from: 'GivenUp', to: 'Waiting', rule: 'J-42', label: 'next trigger' },
  { from: 'Ending', to: 'Down', rule: 'J-37', label: 'stopped' },
];

/**
 * Makes a chart easy to take in: few words and one arrow between two states; of a job only the life of its
 * child.
 */
export function simpleView(graph: Graph): Picture {
  return graph.id === 'job' ? { graph: lifeOfJob(graph), view: FEW_WORDS } : { graph, view: FEW_WORDS };
}

/**
 * A job's life without nesting: each state that a person would name, and the arrows of `LIFE` that the chart
 * has.
 */
function lifeOfJob(graph: Graph): Graph {
  const keys = [...new Set(LIFE.flatMap(({ from, to }) => [from, to]))];
  const nodes = keys.flatMap((key) => graph.nodes.filter((node) => isOfChild(node) && node.key === key));
  const edges = LIFE.flatMap((arrow) => lifeEdge(graph, nodes, arrow) ?? []);
  const [first] = nodes;
  if (first === undefined) throw new Error('the job chart has none of the states of a life');
  const root: GraphNode = {
    ...first,
    id: graph.id,
    key: graph.id,
    parent: null,
    kind: 'compound',
    initial: first.id,
  };
  const leaf = (node: GraphNode): GraphNode => ({ ...node, parent: graph.id, kind: 'atomic', initial: null });
  return { id: graph.id, nodes: [root, ...nodes.map(leaf)], edges };
}

/**
 * The chart's own transition behind an arrow. It may start in a parent of the state, or lead into a child of
 * it.
 */
function lifeEdge(
  graph: Graph,
  nodes: readonly GraphNode[],
  { from, to, rule, label }: LifeArrow,
): GraphEdge | null {
  const idOf = (key: string): string => nodes.find((node) => node.key === key)?.id ?? '';
  const [start, end] = [idOf(from), idOf(to)];
  const found = graph.edges.find(
    (edge) =>
      edge.meta.spec === rule &&
      (isWithin(edge.from, start) || isWithin(start, edge.from)) &&
      (isWithin(edge.to, end) || withInitial(graph, edge.to).includes(end)),
  );
  return found === undefined
    ? null
    : { ...found, from: start, to: end, trigger: 'event', name: label, guard: null };
}

const isOfChild = ({ id }: GraphNode): boolean => id.startsWith('job.child.');

const isWithin = (id: string, outer: string): boolean => id === outer || id.startsWith(`${outer}.`);
