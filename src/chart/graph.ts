import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { transitionId } from '../host/transition-id.ts';

/** A chart as nodes and arrows, for drawing, listing and checking. */
export interface Graph {
  /** The id of the chart and of its outermost node. */
  readonly id: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  readonly id: string;
  /** The last word of the id. */
  readonly key: string;
  readonly parent: string | null;
  readonly kind: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  readonly initial: string | null;
  readonly entry: readonly string[];
  readonly exit: readonly string[];
}

export interface GraphEdge {
  /** Unique in the chart: the source, the trigger, and a number. */
  readonly id: string;
  readonly from: string;
  /** The target; equal to `from` for an internal transition. */
  readonly to: string;
  readonly trigger: 'event' | 'after' | 'always';
  /** The event, or the delay; empty for `always`. */
  readonly name: string;
  readonly guard: string | null;
  readonly actions: readonly string[];
  /** The transition performs actions without leaving the state. */
  readonly isInternal: boolean;
  readonly meta: EdgeMeta;
}

/** The numbered rules of an arrow, or the reason for a refinement. */
interface EdgeMeta {
  readonly spec?: string;
  readonly refined?: string;
}

/** Reads the graph out of a chart. */
export function graphOf(machine: AnyStateMachine): Graph {
  return {
    id: machine.root.id,
    nodes: [...withDescendants(machine.root)].map(nodeOf),
    edges: transitionsOf(machine).map(edgeOf),
  };
}

/** The nodes directly inside another, in the order of the file. */
export function childrenOf(graph: Graph, id: string): readonly GraphNode[] {
  return graph.nodes.filter((node) => node.parent === id);
}

/** A node of a graph by its id, which is there. */
export const nodeIn = (graph: Graph, id: string): GraphNode =>
  graph.nodes.find((node) => node.id === id) as GraphNode;

/** The place of a state in the file. */
export const orderOf = (graph: Graph, id: string): number => graph.nodes.findIndex((node) => node.id === id);

/**
 * Whether an arrow leads to a state that comes earlier in the file. Such arrows are laid out in reverse, so
 * that the states keep their order.
 */
export const leadsBack = (graph: Graph, from: string, to: string): boolean =>
  from !== to && orderOf(graph, to) < orderOf(graph, from);

/** Every transition of a chart with its id: the one list that graph and tests count by. */
export function transitionsOf(machine: AnyStateMachine): readonly NamedTransition[] {
  return [...withDescendants(machine.root)].flatMap(ownTransitions);
}

function ownTransitions(node: AnyStateNode): readonly NamedTransition[] {
  const byEvent = [...node.transitions, ['', node.always ?? []] as const];
  return byEvent.flatMap(([type, transitions]) =>
    transitions.map((definition, index) => ({
      id: transitionId(node.id, type, index),
      node,
      type,
      definition,
    })),
  );
}

export interface NamedTransition {
  readonly id: string;
  readonly node: AnyStateNode;
  /** The event's type as XState has it; empty for `always`. */
  readonly type: string;
  readonly definition: NonNullable<AnyStateNode['always']>[number];
}

function* withDescendants(node: AnyStateNode): Generator<AnyStateNode> {
  yield node;
  for (const child of Object.values(node.states)) yield* withDescendants(child);
}

function nodeOf(node: AnyStateNode): GraphNode {
  return {
    id: node.id,
    key: node.key,
    parent: node.parent?.id ?? null,
    kind: node.type,
    initial: node.type === 'compound' ? (node.initial.target[0]?.id ?? null) : null,
    entry: ownNames(node.entry),
    exit: ownNames(node.exit),
  };
}

/** Names of actions, without those that XState adds for timers. */
function ownNames(actions: readonly unknown[]): readonly string[] {
  return actions.map(nameOf).filter((name) => !name.startsWith('xstate.'));
}

function edgeOf({ id, node, type, definition }: NamedTransition): GraphEdge {
  const delay = /^xstate\.after\.(.+?)\./.exec(type)?.[1];
  return {
    id,
    from: node.id,
    to: definition.target?.[0]?.id ?? node.id,
    trigger: type === '' ? 'always' : delay === undefined ? 'event' : 'after',
    name: delay ?? type,
    guard: definition.guard === undefined ? null : nameOf(definition.guard),
    actions: ownNames(definition.actions),
    isInternal: definition.target === undefined,
    meta: (definition.meta ?? {}) as EdgeMeta,
  };
}

/** The name of an action or guard; `?` for one without a name, which a lint rule refuses. */
function nameOf(thing: unknown): string {
  if (typeof thing === 'string') return thing;
  const { type } = thing as { readonly type?: unknown };
  return typeof type === 'string' ? type : '?';
}
