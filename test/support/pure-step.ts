import type { AnyActorScope, AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate';
import { createEmptyActor } from 'xstate';
import { transitionsOf } from '../../src/chart/graph.ts';

/** One step of a chart, taken without a host. */
export interface PureStep<M extends AnyStateMachine> {
  readonly after: SnapshotFrom<M>;
  readonly effects: readonly string[];
  /** Ids of the transitions that it took, eventless ones included. */
  readonly taken: readonly string[];
}

/** Takes steps of a chart as the graph package does, by the machine's own functions, so that a host can be compared with it. */
export class PureChart<M extends AnyStateMachine> {
  readonly machine: M;
  readonly #ids: ReadonlyMap<object, string>;
  readonly #scope: AnyActorScope;
  #effects: string[] = [];
  #taken: string[] = [];

  constructor(machine: M) {
    this.machine = machine;
    this.#ids = new Map(transitionsOf(machine).map(({ id, definition }) => [definition, id]));
    const self = createEmptyActor();
    const inspect = ({ _transitions = [] }: { readonly _transitions?: readonly object[] }): void => {
      this.#taken.push(..._transitions.map((transition) => this.#ids.get(transition)).filter((id) => id !== undefined));
    };
    // XState tells the transitions of a step to its inspector only.
    const system = Object.assign(Object.create(self.system), { _sendInspectionEvent: inspect }) as typeof self.system;
    const actionExecutor = ({ type }: { readonly type: string }): void => {
      if (!type.startsWith('xstate.')) this.#effects.push(type);
    };
    const nothing = (): void => {};
    this.#scope = {
      self,
      system,
      actionExecutor,
      id: '',
      sessionId: '',
      logger: nothing,
      defer: nothing,
      stopChild: nothing,
      emit: nothing,
    } as AnyActorScope;
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
