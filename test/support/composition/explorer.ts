/** One way from a state to the next. */
interface Way<S> {
  readonly story: string;
  readonly kind: string;
  readonly world: S;
}

export interface Exploration<S> {
  readonly starts: readonly { readonly story: string; readonly world: S }[];
  readonly ways: (state: S) => readonly Way<S>[];
  readonly key: (state: S) => string;
  /** More states than this are a mistake in the key. */
  readonly limit: number;
}

export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly kind: string;
  readonly story: string;
}

/**
 * Everything that can be reached, breadth first: the way on which a state was first found is one of its
 * shortest.
 */
export class Explored<S> {
  readonly states: S[] = [];
  readonly edges: Edge[] = [];
  /** The edges that leave a state are `edges` from `first[state]` to `first[state + 1]`. */
  readonly first: number[] = [];
  readonly #cameBy: (Edge | null)[] = [];
  readonly #begins: string[] = [];

  constructor({ starts, ways, key, limit }: Exploration<S>, isEnough: (state: S) => boolean = () => false) {
    const known = new Map<string, number>();
    const numberOf = (state: S): number => {
      const name = key(state);
      const number = known.get(name) ?? this.states.length;
      if (number === this.states.length) {
        known.set(name, number);
        this.states.push(state);
      }
      return number;
    };
    for (const { story, world } of starts) this.#begins[numberOf(world)] = story;
    for (let from = 0; from < this.states.length; from += 1) {
      if (from > limit) throw new Error(`more than ${limit} states: something is counted without an end`);
      this.first.push(this.edges.length);
      if (isEnough(this.states[from] as S)) return;
      for (const { story, kind, world } of ways(this.states[from] as S)) {
        const count = this.states.length;
        const edge = { from, to: numberOf(world), kind, story };
        if (edge.to === count) this.#cameBy[count] = edge;
        this.edges.push(edge);
      }
    }
    this.first.push(this.edges.length);
  }

  waysFrom(state: number): readonly Edge[] {
    return this.edges.slice(this.first[state], this.first[state + 1]);
  }

  /** The sentences of a shortest way to a state. */
  storyOf(state: number): readonly string[] {
    const story: string[] = [];
    let at = state;
    for (let edge = this.#cameBy[at]; edge; edge = this.#cameBy[at]) {
      story.unshift(edge.story);
      at = edge.from;
    }
    return [this.#begins[at] ?? '', ...story].filter((sentence) => sentence !== '');
  }

  /** A state of the shortest story that has a property; null when none has it. */
  find(has: (state: S, number: number) => boolean): number | null {
    const number = this.states.findIndex((state, index) => has(state, index));
    return number < 0 ? null : number;
  }

  /** The states from which one of `goals` can be reached by the edges that count. */
  canReach(goals: (state: S) => boolean, counts: (edge: Edge) => boolean): ReadonlySet<number> {
    const into = new Map<number, number[]>();
    for (const edge of this.edges) {
      if (!counts(edge)) continue;
      const before = into.get(edge.to);
      if (before === undefined) into.set(edge.to, [edge.from]);
      else before.push(edge.from);
    }
    const found = new Set<number>();
    for (const [number, state] of this.states.entries()) if (goals(state)) found.add(number);
    for (const number of found) for (const from of into.get(number) ?? []) found.add(from);
    return found;
  }

  /** A state that some way leads back to; null when nothing goes round. */
  get loop(): number | null {
    const entries = new Int32Array(this.states.length);
    for (const { to } of this.edges) entries[to] = (entries[to] ?? 0) + 1;
    const free = [...entries.keys()].filter((state) => entries[state] === 0);
    let count = 0;
    for (let state = free.pop(); state !== undefined; state = free.pop()) {
      count += 1;
      for (let edge = this.first[state] ?? 0; edge < (this.first[state + 1] ?? 0); edge += 1) {
        const { to } = this.edges[edge] as Edge;
        entries[to] = (entries[to] ?? 0) - 1;
        if (entries[to] === 0) free.push(to);
      }
    }
    return count === this.states.length ? null : this.#onLoop(entries);
  }

  /**
   * Among the states that are left when all that cannot be on a loop is taken away, the first that leads back
   * to itself.
   */
  #onLoop(entries: Int32Array): number {
    return (
      [...entries.keys()]
        .filter((state) => (entries[state] ?? 0) > 0)
        .find((state) => this.round(state).length > 0) ?? -1
    );
  }

  /** The sentences of a shortest way from a state back to it; empty when there is none. */
  round(start: number): readonly Edge[] {
    const cameBy = new Map<number, Edge>();
    const queue = [start];
    for (const at of queue) {
      for (const edge of this.waysFrom(at)) {
        if (edge.to === start) return trail(cameBy, edge, start);
        if (cameBy.has(edge.to)) continue;
        cameBy.set(edge.to, edge);
        queue.push(edge.to);
      }
    }
    return [];
  }
}

function trail(cameBy: ReadonlyMap<number, Edge>, last: Edge, start: number): readonly Edge[] {
  const edges = [last];
  for (let edge = last; edge.from !== start;) {
    edge = cameBy.get(edge.from) as Edge;
    edges.unshift(edge);
  }
  return edges;
}
