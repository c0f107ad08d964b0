/** A state value of XState: `'Running'`, or an object of regions and the states inside them. */
export type StateValueTree = string | { readonly [state: string]: StateValueTree };

/** Ids of the states that a value is in, the outer ones too: `job.child.Up`, `job.child.Up.Running`. */
export function activeStates(value: StateValueTree, path: string): readonly string[] {
  if (typeof value === 'string') return [`${path}.${value}`];
  return Object.entries(value).flatMap(([key, inner]) => [
    `${path}.${key}`,
    ...activeStates(inner, `${path}.${key}`),
  ]);
}
