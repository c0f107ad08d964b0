import type { Graph, GraphEdge } from './graph.ts';

/** `Stop`, `after stopTimeout`, `always`: what makes an arrow be taken. */
export function triggerText(edge: GraphEdge): string {
  switch (edge.trigger) {
    case 'event':
      return edge.name;
    case 'after':
      return `after ${edge.name}`;
    case 'always':
      return 'always';
    default:
      return edge.trigger satisfies never;
  }
}

/** `isCurrentRun` as people say it: `is current run`. */
export function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/**
 * The condition for one of several targets of an event, in few words; null where the event has one target.
 */
export function choiceOf(graph: Graph, edge: GraphEdge): string | null {
  // Guards such as `isCurrentRun` need no mention: they only drop events of older runs or tests.
  if (edge.guard === null || edge.trigger === 'always' || edge.guard.startsWith('isCurrent')) return null;
  const isElsewhere = (other: GraphEdge): boolean =>
    other.from === edge.from &&
    other.trigger === edge.trigger &&
    other.name === edge.name &&
    other.to !== edge.to;
  return graph.edges.some(isElsewhere) ? inWords(edge.guard) : null;
}
