import type { Graph, GraphEdge, GraphNode } from './graph.ts';
import { childrenOf } from './graph.ts';
import type { LabelOptions } from './lines.ts';
import { narrowed } from './subgraph.ts';
import { choiceOf, inWords, triggerText } from './words.ts';

export interface MermaidOptions {
  /** Show guards on arrows. */
  readonly guards?: boolean;
  /** Whether arrows and states say what they do. */
  readonly actions?: boolean;
  /** Whether an arrow that leaves no state is drawn. */
  readonly internal?: boolean;
  /** Draws only this part of the chart: the path of a state inside it, such as `child`. */
  readonly region?: string;
  /** Draw states only to this depth. */
  readonly depth?: number;
  /** Draw one arrow for all transitions between two states. */
  readonly merge?: boolean;
}

/** A chart as a Mermaid state diagram, as GitHub draws it. */
export function toMermaid(graph: Graph, options: MermaidOptions = {}): string {
  const { guards = true, actions = true, internal = true, merge = false } = options;
  const part = narrowed(graph, options);
  const edges = part.edges.filter((edge) => internal || !edge.isInternal);
  const label = (edge: GraphEdge): string => labelOf(edge, { graph: part, guards, actions });
  return (
    [
      'stateDiagram-v2',
      ...outermost(part, { actions, indent: '  ' }),
      ...arrows(edges, { label, merge }),
    ].join('\n') + '\n'
  );
}

interface Drawing {
  readonly actions: boolean;
  readonly indent: string;
}

/** Mermaid splits into regions only inside a state, so that a split chart is drawn as one. */
function outermost(graph: Graph, drawing: Drawing): readonly string[] {
  const root = graph.nodes.find(({ id }) => id === graph.id);
  return root?.kind === 'parallel' ? stateLines(graph, root, drawing) : statesIn(graph, graph.id, drawing);
}

function statesIn(graph: Graph, id: string, drawing: Drawing): readonly string[] {
  const { indent } = drawing;
  const parent = graph.nodes.find((node) => node.id === id);
  const start = parent?.initial == null ? [] : [`${indent}[*] --> ${mermaidId(parent.initial)}`];
  const between = parent?.kind === 'parallel' ? [`${indent}--`] : [];
  const states = childrenOf(graph, id).flatMap((node, index) => [
    ...(index > 0 ? between : []),
    ...stateLines(graph, node, drawing),
  ]);
  return [...start, ...states];
}

function stateLines(graph: Graph, node: GraphNode, drawing: Drawing): readonly string[] {
  const { actions, indent } = drawing;
  const id = mermaidId(node.id);
  const inner = statesIn(graph, node.id, { actions, indent: `${indent}  ` });
  if (inner.length > 0)
    return [`${indent}state "${escaped(titleOf(node, actions))}" as ${id} {`, ...inner, `${indent}}`];
  const deeds = actions ? deedsOf(node).map((deed) => `${indent}${id} : ${escaped(deed)}`) : [];
  const end = node.kind === 'final' ? [`${indent}${id} --> [*]`] : [];
  return [`${indent}state "${escaped(node.key)}" as ${id}`, ...deeds, ...end];
}

/** A state with others inside it has room for its name only. */
function titleOf(node: GraphNode, actions: boolean): string {
  return actions ? [node.key, ...deedsOf(node)].join(' · ') : node.key;
}

function deedsOf(node: GraphNode): readonly string[] {
  const entry = node.entry.length > 0 ? [`entry / ${node.entry.join(', ')}`] : [];
  const exit = node.exit.length > 0 ? [`exit / ${node.exit.join(', ')}`] : [];
  return [...entry, ...exit];
}

function arrows(
  edges: readonly GraphEdge[],
  { label, merge }: { readonly label: (edge: GraphEdge) => string; readonly merge: boolean },
): readonly string[] {
  if (!merge)
    return edges.map(
      (edge) => `  ${mermaidId(edge.from)} --> ${mermaidId(edge.to)} : ${escaped(label(edge))}`,
    );
  const labels = new Map<string, Set<string>>();
  for (const edge of edges) {
    const ends = `${mermaidId(edge.from)} --> ${mermaidId(edge.to)}`;
    labels.set(ends, (labels.get(ends) ?? new Set()).add(label(edge)));
  }
  return [...labels].map(([ends, texts]) => `  ${ends} : ${escaped([...texts].join(', '))}`);
}

/** An `always` arrow shows its guard even where guards are left out, because it has no other text. */
function labelOf(edge: GraphEdge, { graph, guards, actions }: LabelOptions): string {
  if (!guards && edge.trigger === 'always' && edge.guard !== null) return inWords(edge.guard);
  const condition = guards ? edge.guard : choiceOf(graph, edge);
  const guard = condition === null ? '' : ` [${condition}]`;
  const deeds = actions && edge.actions.length > 0 ? ` / ${edge.actions.join(', ')}` : '';
  return `${triggerText(edge)}${guard}${deeds}`;
}

function mermaidId(id: string): string {
  return id.replaceAll('.', '_');
}

/** Mermaid ends a label at `;` and takes `#` and `"` for its own. */
function escaped(text: string): string {
  return text.replace(/[#;":]/g, (character) => `#${character.charCodeAt(0)};`);
}
