import type { Graph, GraphEdge, GraphNode } from './graph.ts';
import { childrenOf } from './graph.ts';
import { triggerText } from './words.ts';

/** A chart as an indented outline: each state with its actions and transitions. */
export function toText(graph: Graph): string {
  return [graph.id, ...linesInside(graph, graph.id, '  ')].join('\n') + '\n';
}

function linesInside(graph: Graph, id: string, indent: string): readonly string[] {
  const arrows = graph.edges
    .filter((edge) => edge.from === id)
    .map((edge) => `${indent}${arrowText(graph, edge)}`);
  const states = childrenOf(graph, id).flatMap((node) => [
    `${indent}${stateText(graph, node)}`,
    ...linesInside(graph, node.id, `${indent}  `),
  ]);
  return [...arrows, ...states];
}

function stateText(graph: Graph, node: GraphNode): string {
  const marks = [...(isInitial(graph, node) ? ['initial'] : []), ...(node.kind === 'final' ? ['final'] : [])];
  const deeds = [
    ...node.entry.map((action) => `entry ${action}`),
    ...node.exit.map((action) => `exit ${action}`),
  ];
  return [
    node.key,
    ...(marks.length > 0 ? [`(${marks.join(', ')})`] : []),
    ...(deeds.length > 0 ? [`/ ${deeds.join(', ')}`] : []),
  ].join(' ');
}

function isInitial(graph: Graph, node: GraphNode): boolean {
  return graph.nodes.find(({ id }) => id === node.parent)?.initial === node.id;
}

function arrowText(graph: Graph, edge: GraphEdge): string {
  const guard = edge.guard === null ? '' : ` [${edge.guard}]`;
  const deeds = edge.actions.length > 0 ? ` / ${edge.actions.join(', ')}` : '';
  const target = edge.isInternal ? '' : ` → ${edge.to.slice(graph.id.length + 1)}`;
  const why = edge.meta.spec ?? (edge.meta.refined === undefined ? '' : 'refined');
  return `${triggerText(edge)}${guard}${target}${deeds}  ${why}`.trimEnd();
}
