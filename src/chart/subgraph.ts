import type { Graph, GraphNode } from './graph.ts';

/**
 * A graph of only one region of it, or only so deep, or both; arrows that end in something left out end in
 * what holds it.
 */
export function narrowed(
  graph: Graph,
  { region, depth = Infinity }: { readonly region?: string; readonly depth?: number },
): Graph {
  const root = region === undefined ? graph.id : `${graph.id}.${region}`;
  if (!graph.nodes.some((node) => node.id === root))
    throw new Error(`chart ${graph.id} has no region ${region}`);
  const inside = graph.nodes.filter((node) => isInside(node.id, root));
  const shown = inside.filter((node) => levelOf(node.id, root) <= depth);
  const shownId = (id: string): string => {
    const level = levelOf(id, root);
    return level <= depth
      ? id
      : id
          .split('.')
          .slice(0, depth - level)
          .join('.');
  };
  const edges = graph.edges
    .filter((edge) => isInside(edge.from, root) && isInside(edge.to, root) && edge.from !== root)
    .map((edge) => ({ ...edge, from: shownId(edge.from), to: shownId(edge.to) }))
    .filter((edge) => edge.from !== edge.to || depth === Infinity);
  return { id: root, nodes: shown.map((node) => asLeaf(node, shown)), edges };
}

function asLeaf(node: GraphNode, shown: readonly GraphNode[]): GraphNode {
  if (node.kind === 'atomic' || node.kind === 'final' || shown.some(({ parent }) => parent === node.id))
    return node;
  return { ...node, kind: 'atomic', initial: null };
}

function isInside(id: string, root: string): boolean {
  return id === root || id.startsWith(`${root}.`);
}

function levelOf(id: string, root: string): number {
  return id.split('.').length - root.split('.').length;
}
