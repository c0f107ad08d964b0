import type { DrawnArrows } from '../plan/taken-arrows.ts';
import { type Graph, nodeIn } from './graph.ts';

/** The arrows of the picture of a whole chart: one for each transition that leaves its state. */
export function drawnArrows({ id, edges }: Graph): DrawnArrows {
  const shown = edges.filter(({ isInternal, from }) => !isInternal && from !== id);
  return Object.fromEntries(shown.map((edge) => [edge.id, { from: edge.from, to: edge.to }]));
}

/**
 * The same for a picture that shows only some states of the chart, as boxes without anything inside: each
 * transition that leads into such a state, whichever inner state it enters.
 */
export function drawnArrowsOfSome(chart: Graph, picture: Graph): DrawnArrows {
  const shown = new Set(picture.nodes.map(({ id }) => id));
  shown.delete(picture.id);
  return Object.fromEntries(
    chart.edges.flatMap((edge) => {
      const to = edge.isInternal ? undefined : entered(chart, edge.to).find((id) => shown.has(id));
      return to === undefined ? [] : [[edge.id, { from: null, to }] as const];
    }),
  );
}

/** The states that an arrow to this state enters: its parents, itself, and its initial children. */
const entered = (chart: Graph, id: string): readonly string[] => [
  ...parentsOf(chart, id),
  ...withInitial(chart, id),
];

function parentsOf(chart: Graph, id: string): readonly string[] {
  const { parent } = nodeIn(chart, id);
  return parent === null ? [] : [parent, ...parentsOf(chart, parent)];
}

/** A state and those that are entered with it. */
export function withInitial(chart: Graph, id: string): readonly string[] {
  const { initial } = nodeIn(chart, id);
  return initial === null ? [id] : [id, ...withInitial(chart, initial)];
}
