import type { Graph } from './graph.ts';
import type { MermaidOptions } from './mermaid.ts';

/** Makes a chart easy to take in: one arrow between two states, no guards, no deeds; of several regions the largest, in its outer states. */
export function simpleView(graph: Graph): MermaidOptions {
  const few = { guards: false, actions: false, internal: false, merge: true };
  const root = graph.nodes.find(({ id }) => id === graph.id);
  return root?.kind === 'parallel' ? { ...few, region: largestRegion(graph), depth: 1 } : few;
}

function largestRegion(graph: Graph): string {
  const size = (id: string): number => graph.nodes.filter((node) => node.id.startsWith(`${id}.`)).length;
  const regions = graph.nodes.filter(({ parent }) => parent === graph.id);
  return regions.reduce((largest, each) => (size(each.id) > size(largest.id) ? each : largest)).key;
}
