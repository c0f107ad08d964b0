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
 * Where an event leads to several states, what makes it lead to this one, in few words; null where there is
 * no choice to speak of.
 */
export function choiceOf(graph: Graph, edge: GraphEdge): string | null {
  // That a fact is of this run or test, and of no older one, goes without saying.
  if (edge.guard === null || edge.trigger === 'always' || edge.guard.startsWith('isCurrent')) return null;
  const isElsewhere = (other: GraphEdge): boolean =>
    other.from === edge.from &&
    other.trigger === edge.trigger &&
    other.name === edge.name &&
    other.to !== edge.to;
  return graph.edges.some(isElsewhere) ? inWords(edge.guard) : null;
}
