/**
 * What a picture draws of each transition of its chart, by the id of the transition. `from` is null in a
 * picture that draws many states as one: there the arrow begins wherever the picture was lit.
 */
export type DrawnArrows = Readonly<Record<string, { readonly from: string | null; readonly to: string }>>;

/** The id that an arrow has in a picture. */
export const arrowId = (from: string, to: string): string => `${from}..${to}`;

/**
 * The arrows of a picture that a step took, in their order. `lit` are the states that the chart was in before
 * the step, `taken` the ids of its transitions. The picture may lack some of these arrows.
 */
export function arrowsTaken(
  arrows: DrawnArrows,
  lit: readonly string[],
  taken: readonly string[],
): readonly string[] {
  const ends = new Set(Object.values(arrows).map(({ to }) => to));
  let present = lit.findLast((id) => ends.has(id)) ?? '';
  const found: string[] = [];
  for (const id of taken) {
    const drawn = Object.hasOwn(arrows, id) ? arrows[id] : undefined;
    if (drawn === undefined) continue;
    const from = drawn.from ?? present;
    present = drawn.to;
    if (drawn.from !== null || from !== drawn.to) found.push(arrowId(from, drawn.to));
  }
  return found;
}
