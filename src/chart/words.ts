import type { GraphEdge } from './graph.ts';

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
