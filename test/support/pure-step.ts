import type { AnyActorScope, AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate';
import { transitionsOf } from '../../src/chart/graph.ts';
import { inertActorScope } from '../../src/host/chart-step.ts';

/** One step of a chart, taken without a host. */
export interface PureStep<M extends AnyStateMachine> {
  readonly after: SnapshotFrom<M>;
  readonly effects: readonly string[];
  /** Ids of the transitions that it took, eventless ones included. */
  readonly taken: readonly string[];
}

/**
 * Takes steps of a chart as the graph package does, by the machine's own functions, so that a host can be
 * compared with it.
 */
export class PureChart<M extends AnyStateMachine> {
  readonly machine: M;
  readonly #ids: ReadonlyMap<object, string>;
  readonly #scope: AnyActorScope;
  #effects: string[] = [];
  #taken: string[] = [];

  constructor(machine: M) {
    this.machine = machine;
    this.#ids = new Map(transitionsOf(machine).map(({ id, definition }) => [definition, id]));
    const inspect = ({ _transitions = [] }: { readonly _transitions?: readonly object[] }): void => {
      this.#taken.push(
        ..._transitions.map((transition) => this.#ids.get(transition)).filter((id) => id !== undefined),
      );
    };
    const scope = inertActorScope(({ type }) => {
      if (!type.startsWith('xstate.')) this.#effects.push(type);
    });
    // XState tells the transitions of a step to its inspector only.
    const system = Object.assign(Object.create(scope.system), {
      _sendInspectionEvent: inspect,
    }) as typeof scope.system;
    this.#scope = { ...scope, system };
  }

  /** Ids of every transition of the chart. */
  get transitions(): readonly string[] {
    return [...this.#ids.values()].toSorted();
  }

  begin(input: InputFrom<M>): PureStep<M> {
    return this.#recorded(() => this.machine.getInitialSnapshot(this.#scope, input));
  }

  step(before: SnapshotFrom<M>, event: EventFromLogic<M>): PureStep<M> {
    return this.#recorded(() => this.machine.transition(before as never, event as never, this.#scope));
  }

  #recorded(take: () => unknown): PureStep<M> {
    this.#effects = [];
    this.#taken = [];
    const after = take() as SnapshotFrom<M>;
    return { after, effects: this.#effects, taken: this.#taken };
  }
}
