import type { AnyMachineSnapshot, AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate';
import { PureChart } from '../pure-step.ts';

/** A configuration of a chart, one object for each. */
export interface Place {
  readonly id: number;
  readonly value: string;
  readonly context: unknown;
}

export interface Move {
  readonly place: Place;
  /** The effects that the step asked for, in order. */
  readonly effects: readonly string[];
}

/**
 * A chart whose configurations are numbered, so that each step of the real chart is taken once, however often
 * an exploration comes to it.
 */
export class NumberedChart<M extends AnyStateMachine> {
  readonly #chart: PureChart<M>;
  readonly #places = new Map<string, Place>();
  readonly #snapshots: SnapshotFrom<M>[] = [];
  readonly #values: string[] = [];
  readonly #moves: Map<string, Move>[] = [];
  readonly #taken = new Set<string>();

  constructor(machine: M) {
    this.#chart = new PureChart(machine);
  }

  begin(input: InputFrom<M>): Move {
    const { after, effects, taken } = this.#chart.begin(input);
    for (const id of taken) this.#taken.add(id);
    return { place: this.#placeOf(after), effects };
  }

  /** The step that an event makes. `name` tells it from the other events of its type. */
  step({ id }: Place, event: EventFromLogic<M>, name: string): Move {
    const known = this.#moves[id]?.get(name);
    if (known !== undefined) return known;
    const { after, effects, taken } = this.#chart.step(this.#snapshots[id] as SnapshotFrom<M>, event);
    for (const transition of taken) this.#taken.add(transition);
    const where = `${name.trim()} in ${this.#values[id]}`;
    if (taken.length === 0) throw new Error(`the ${this.#chart.machine.id} chart has no use for ${where}`);
    if (effects.length === 0)
      throw new Error(
        `the ${this.#chart.machine.id} chart asks for nothing after ${where}, and nothing will ever move it`,
      );
    const move = { place: this.#placeOf(after), effects };
    this.#moves[id]?.set(name, move);
    return move;
  }

  /** Ids of the transitions that no step has taken yet. */
  get untaken(): readonly string[] {
    return this.#chart.transitions.filter((id) => !this.#taken.has(id));
  }

  #placeOf(snapshot: SnapshotFrom<M>): Place {
    const { value, context } = snapshot as unknown as AnyMachineSnapshot;
    const key = JSON.stringify([value, context]);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = { id: this.#snapshots.length, value: value as string, context: context as unknown };
    this.#snapshots.push(snapshot);
    this.#values.push(place.value);
    this.#moves.push(new Map());
    this.#places.set(key, place);
    return place;
  }
}
