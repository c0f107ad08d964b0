import { getAdjacencyMap } from '@xstate/graph';

/** One way from one configuration to the next. */
export interface Edge<S> {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly before: S;
  readonly after: S;
}

export interface Model<S> {
  /** The key of the first configuration. */
  readonly start: string;
  readonly nodes: ReadonlyMap<string, S>;
  readonly edges: readonly Edge<S>[];
}

export interface Exploration<S> {
  readonly start: S;
  /** Labels of everything that can happen in a configuration. */
  readonly labels: (state: S) => readonly string[];
  readonly step: (state: S, label: string) => S;
  /** What tells two configurations apart: numbers that only grow must be taken out of it. */
  readonly key: (state: S) => string;
  /** More configurations than this are a mistake in the key. */
  readonly limit: number;
}

/**
 * Everything that can be reached. The graph package walks it; what can happen in a configuration is made anew
 * for each, since a fixed list of events would silently replace the timers.
 */
export function explore<S>({ start, labels, step, key, limit }: Exploration<S>): Model<S> {
  interface Wrapped {
    readonly state: S;
  }
  const keys = new WeakMap<Wrapped, string>();
  const keyOf = (wrapped: Wrapped): string => {
    const known = keys.get(wrapped) ?? key(wrapped.state);
    keys.set(wrapped, known);
    return known;
  };
  const logic = {
    transition: ({ state }: Wrapped, { type }: { readonly type: string }): Wrapped => ({
      state: step(state, type),
    }),
    getInitialSnapshot: (): Wrapped => ({ state: start }),
  };
  const map = getAdjacencyMap(logic as never, {
    events: (({ state }: Wrapped) => labels(state).map((type) => ({ type }))) as never,
    serializeState: keyOf as never,
    serializeEvent: (({ type }: { readonly type: string }) => type) as never,
    limit,
  }) as unknown as Readonly<
    Record<
      string,
      { readonly state: Wrapped; readonly transitions: Readonly<Record<string, { readonly state: Wrapped }>> }
    >
  >;
  const entries = Object.entries(map);
  const edges = entries.flatMap(([from, { state, transitions }]) =>
    Object.entries(transitions).map(([label, next]) => ({
      from,
      to: keyOf(next.state),
      label,
      before: state.state,
      after: next.state.state,
    })),
  );
  return {
    start: key(start),
    nodes: new Map(entries.map(([name, { state }]) => [name, state.state])),
    edges,
  };
}

/** Few, long walks along `edges` from the start that together take each of those wanted at least once. */
export function walksOver<S>(
  model: Model<S>,
  edges: readonly Edge<S>[],
  { wanted = edges, longest }: { readonly wanted?: readonly Edge<S>[]; readonly longest: number },
): readonly (readonly Edge<S>[])[] {
  const out = grouped(edges, ({ from }) => from);
  const todo = new Set(wanted);
  const walks: Edge<S>[][] = [];
  while (todo.size > 0) {
    const walk: Edge<S>[] = [];
    for (
      let trail = nearest(out, todo, model.start);
      trail.length > 0 && walk.length < longest;
      trail = nearest(out, todo, walk.at(-1)!.to)
    ) {
      walk.push(...trail);
      for (const edge of trail) todo.delete(edge);
    }
    if (walk.length === 0) throw new Error(`${todo.size} edges cannot be reached from the start`);
    walks.push(walk);
  }
  return walks;
}

/** The shortest trail whose last edge is still to do; empty when there is none. */
function nearest<S>(
  out: ReadonlyMap<string, readonly Edge<S>[]>,
  todo: ReadonlySet<Edge<S>>,
  from: string,
): readonly Edge<S>[] {
  const cameBy = new Map<string, Edge<S> | null>([[from, null]]);
  const queue = [from];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const edge of out.get(at) ?? []) {
      if (todo.has(edge)) return [...trailTo(cameBy, at), edge];
      if (cameBy.has(edge.to)) continue;
      cameBy.set(edge.to, edge);
      queue.push(edge.to);
    }
  }
  return [];
}

function trailTo<S>(cameBy: ReadonlyMap<string, Edge<S> | null>, key: string): readonly Edge<S>[] {
  const trail: Edge<S>[] = [];
  for (let edge = cameBy.get(key) ?? null; edge !== null; edge = cameBy.get(edge.from) ?? null)
    trail.unshift(edge);
  return trail;
}

/** Keys from which some key of `goals` can be reached by the edges, the goals themselves included. */
export function canReach<S>(edges: readonly Edge<S>[], goals: Iterable<string>): ReadonlySet<string> {
  const into = grouped(edges, ({ to }) => to);
  const found = new Set(goals);
  for (const key of found) for (const { from } of into.get(key) ?? []) found.add(from);
  return found;
}

/** Whether the edges lead back to where they came from, anywhere. */
export function hasLoop<S>(edges: readonly Edge<S>[]): boolean {
  let left = edges;
  for (;;) {
    const entered = new Set(left.map(({ to }) => to));
    const rest = left.filter(({ from }) => entered.has(from));
    if (rest.length === left.length) return left.length > 0;
    left = rest;
  }
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
