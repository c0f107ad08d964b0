import { type Html, arrowLabel, boxLabel, SMALL } from './dot-label.ts';
import type { Graph, GraphEdge, GraphNode } from '../graph.ts';
import { childrenOf, leadsBack, nodeIn } from '../graph.ts';
import { LIGHT as INK } from './colors.ts';
import { arrowId } from '../../plan/taken-arrows.ts';
import { narrowed } from '../subgraph.ts';

export interface DotOptions {
  /** Show guards on arrows. */
  readonly guards?: boolean;
  /** Whether arrows and states say what they do, and what they do without leaving a state. */
  readonly actions?: boolean;
  /** Draws only this part of the chart: the path of a state inside it, such as `child`. */
  readonly region?: string;
  /** Draw states only to this depth. */
  readonly depth?: number;
}

/**
 * A chart for Graphviz. Transitions between the same two states share an arrow, and internal transitions are
 * listed inside the state, as in UML.
 */
export function toDot(graph: Graph, options: DotOptions = {}): string {
  const { guards = true, actions = true } = options;
  const drawing = { graph: narrowed(graph, options), guards, actions };
  const { id } = drawing.graph;
  const lines = [...PAGE, ...statesIn(drawing, id, '  '), ...arrows(drawing)];
  return [`digraph ${quoted(id)} {`, ...lines, '}'].join('\n') + '\n';
}

interface Drawing {
  readonly graph: Graph;
  readonly guards: boolean;
  readonly actions: boolean;
}

/** Graphviz knows the widths of its letters, and every system has a compatible font. */
const FONT = 'Helvetica';

const PAGE = [
  '  graph [compound=true, newrank=true, rankdir=TB, bgcolor="transparent", nodesep=0.18, ' +
    `ranksep=0.4, pad=0.25, fontname="${FONT}", fontsize=13, fontcolor="${INK.text}"];`,
  `  node [shape=box, style="rounded,filled", fillcolor="${INK.state}", color="${INK.line}", ` +
    `fontname="${FONT}", fontsize=13, fontcolor="${INK.text}", margin="0.16,0.07", height=0.4];`,
  `  edge [color="${INK.arrow}", fontname="${FONT}", fontsize=${SMALL}, fontcolor="${INK.label}", ` +
    'arrowsize=0.7];',
];

function statesIn(drawing: Drawing, id: string, indent: string): readonly string[] {
  const parent = nodeIn(drawing.graph, id);
  const states = childrenOf(drawing.graph, id).flatMap((node) =>
    isComposite(drawing.graph, node.id) ? cluster(drawing, node, indent) : [leaf(drawing, node, indent)],
  );
  return [...start(drawing.graph, parent, indent), ...states];
}

/** The dot from which the initial state is entered. */
function start(graph: Graph, { id, initial }: GraphNode, indent: string): readonly string[] {
  if (initial === null) return [];
  const dot = quoted(`${id} start`);
  return [
    `${indent}${dot} [shape=circle, style=filled, width=0.13, height=0.13, fixedsize=true, ` +
      `label="", fillcolor="${INK.dot}", color="${INK.dot}", class="start"];`,
    `${indent}${dot} -> ${quoted(anchor(graph, initial))} ` +
      `[${attributes({ ...borders(graph, id, initial), class: 'start' })}];`,
  ];
}

function cluster(drawing: Drawing, node: GraphNode, indent: string): readonly string[] {
  const isRegion = parentOf(drawing.graph, node)?.kind === 'parallel';
  const look = attributes({
    label: boxLabel(node, drawing),
    labeljust: 'l',
    style: isRegion ? 'rounded,filled,dashed' : 'rounded,filled',
    fillcolor: isRegion ? INK.region : INK.composite,
    color: isRegion ? INK.frame : INK.line,
    margin: 14,
    class: isRegion ? 'region' : 'composite',
  });
  const inner = statesIn(drawing, node.id, `${indent}  `);
  return [
    `${indent}subgraph ${quoted(clusterOf(node.id))} {`,
    `${indent}  graph [${look}];`,
    ...inner,
    `${indent}}`,
  ];
}

function leaf(drawing: Drawing, node: GraphNode, indent: string): string {
  const isFinal = node.kind === 'final';
  return (
    `${indent}${quoted(node.id)} ` +
    `[${attributes({ label: boxLabel(node, drawing), class: 'state', ...(isFinal && { peripheries: 2 }) })}];`
  );
}

function arrows(drawing: Drawing): readonly string[] {
  const between = new Map<string, GraphEdge[]>();
  for (const edge of drawing.graph.edges) {
    if (edge.isInternal || edge.from === drawing.graph.id) continue;
    const ends = `${edge.from} ${edge.to}`;
    between.set(ends, [...(between.get(ends) ?? []), edge]);
  }
  return [...between.values()].map((edges) => arrow(drawing, edges));
}

function arrow(drawing: Drawing, edges: readonly GraphEdge[]): string {
  const { graph } = drawing;
  const [{ from, to }] = edges as readonly [GraphEdge];
  const isBack = leadsBack(graph, from, to);
  const [upper, lower] = isBack ? [to, from] : [from, to];
  const look = attributes({
    label: arrowLabel(edges, drawing),
    ...borders(graph, upper, lower),
    ...(isBack && { dir: 'back' }),
    id: arrowId(from, to),
    class: 'arrow',
  });
  return `  ${quoted(anchor(graph, upper))} -> ${quoted(anchor(graph, lower))} [${look}];`;
}

/** Cuts an arrow at the border of a state that contains other states. */
function borders(graph: Graph, upper: string, lower: string): Attributes {
  return {
    ...(isComposite(graph, upper) && !lower.startsWith(`${upper}.`) && { ltail: clusterOf(upper) }),
    ...(isComposite(graph, lower) && !upper.startsWith(`${lower}.`) && { lhead: clusterOf(lower) }),
  };
}

/** Graphviz draws arrows between boxes only, and cuts them at the border of what holds the box. */
function anchor(graph: Graph, id: string): string {
  const node = nodeIn(graph, id);
  const inner = childrenOf(graph, id);
  if (inner.length === 0) return id;
  return anchor(graph, node.initial ?? (inner[0] as GraphNode).id);
}

const clusterOf = (id: string): string => `cluster_${id}`;
const isComposite = (graph: Graph, id: string): boolean => childrenOf(graph, id).length > 0;
const parentOf = (graph: Graph, { parent }: GraphNode): GraphNode | undefined =>
  graph.nodes.find(({ id }) => id === parent);

type Attributes = Readonly<Record<string, string | number | Html>>;

function attributes(given: Attributes): string {
  return Object.entries(given)
    .map(
      ([name, value]) => `${name}=${typeof value === 'object' ? `<${value.html}>` : quoted(String(value))}`,
    )
    .join(', ');
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
