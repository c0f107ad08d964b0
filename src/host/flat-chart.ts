// Takes the place of XState in the small bundles of `status` and the trigger, where loading and starting
// XState would be a tenth of the time. It knows what a flat chart needs: states without inner ones, events,
// guards, assignments and `always`. T-1402 compares it with XState step by step for everything that can
// happen to the client chart.

interface Facts {
  readonly context: object;
  readonly event: { readonly type: string };
}
type Guard = (facts: Facts) => boolean;
type Assignment = Readonly<Record<string, unknown>>;

interface Transition {
  readonly guard?: string;
  readonly target?: string;
  readonly actions?: string | readonly string[];
}
type Transitions = Transition | readonly Transition[];

interface FlatConfig {
  readonly context: (given: { readonly input: unknown }) => object;
  readonly initial: string;
  readonly states: Readonly<
    Record<
      string,
      {
        readonly type?: 'final';
        readonly entry?: string | readonly string[];
        readonly always?: Transitions;
        readonly on?: Readonly<Record<string, Transitions>>;
      }
    >
  >;
}

interface Implementations {
  readonly guards: Readonly<Record<string, Guard>>;
  /** An effect is a function that does nothing. */
  readonly actions: Readonly<Record<string, Assign | (() => void)>>;
}

interface Snapshot {
  readonly status: 'active' | 'done';
  readonly value: string;
  readonly context: object;
}

interface Scope {
  readonly actionExecutor: (asked: { readonly type: string; readonly params: undefined }) => void;
}

class Assign {
  readonly #assignment: Assignment;

  constructor(assignment: Assignment) {
    this.#assignment = assignment;
  }

  from(facts: Facts): object {
    const valueOf = (value: unknown): unknown => (typeof value === 'function' ? value(facts) : value);
    const entries = Object.entries(this.#assignment).map(([key, value]) => [key, valueOf(value)]);
    return { ...facts.context, ...Object.fromEntries(entries) };
  }
}

export const assign = (assignment: Assignment): Assign => new Assign(assignment);

export const createEmptyActor = (): object => ({ system: {} });

export const setup = (implementations: Implementations): object => ({
  createMachine: (config: FlatConfig) => new FlatMachine(config, implementations),
});

const listOf = <Item>(items: Item | readonly Item[] | undefined): readonly Item[] =>
  items === undefined ? [] : Array.isArray(items) ? items : [items as Item];

class FlatMachine {
  readonly #config: FlatConfig;
  readonly #implementations: Implementations;

  constructor(config: FlatConfig, implementations: Implementations) {
    this.#config = config;
    this.#implementations = implementations;
  }

  getInitialSnapshot(scope: Scope, input: unknown): Snapshot {
    const facts = { context: this.#config.context({ input }), event: { type: 'xstate.init' } };
    return this.#entered(this.#config.initial, facts, scope);
  }

  transition(before: Snapshot, event: Facts['event'], scope: Scope): Snapshot {
    const facts = { context: before.context, event };
    const taken = this.#enabled(this.#config.states[before.value]?.on?.[event.type], facts);
    return taken === undefined ? before : this.#taken(taken, before.value, facts, scope);
  }

  #enabled(transitions: Transitions | undefined, facts: Facts): Transition | undefined {
    return listOf(transitions).find(
      ({ guard }) => guard === undefined || this.#implementations.guards[guard]?.(facts) === true,
    );
  }

  #taken({ target, actions }: Transition, value: string, facts: Facts, scope: Scope): Snapshot {
    const context = this.#acted(actions, facts, scope);
    return target === undefined
      ? { status: 'active', value, context }
      : this.#entered(target, { ...facts, context }, scope);
  }

  #entered(value: string, facts: Facts, scope: Scope): Snapshot {
    const { type, entry, always } = this.#config.states[value] ?? {};
    const context = this.#acted(entry, facts, scope);
    const next = this.#enabled(always, { ...facts, context });
    if (next !== undefined) return this.#taken(next, value, { ...facts, context }, scope);
    return { status: type === 'final' ? 'done' : 'active', value, context };
  }

  #acted(names: string | readonly string[] | undefined, { context, event }: Facts, scope: Scope): object {
    let changed = context;
    for (const name of listOf(names)) {
      const action = this.#implementations.actions[name];
      if (action instanceof Assign) changed = action.from({ context: changed, event });
      else scope.actionExecutor({ type: name, params: undefined });
    }
    return changed;
  }
}
