import { isDeepStrictEqual } from 'node:util';
import type { AnyMachineSnapshot, AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate';
import { __unsafe_getAllOwnEventDescriptors as descriptorsOf } from 'xstate';
import { Bench, readsBack } from './bench.ts';
import type { Edge, Model } from './model.ts';
import { explore, walksOver } from './model.ts';
import type { PureStep } from './pure-step.ts';
import { PureChart } from './pure-step.ts';

type State<M extends AnyStateMachine> = PureStep<M>;

export interface ChartModelOptions<M extends AnyStateMachine> {
  readonly machine: M;
  readonly input?: InputFrom<M>;
  /** The fields of each event besides its type, by type. */
  readonly events: Readonly<Record<string, object>>;
}

/**
 * A chart that any of its events may come to at any time: the daemon's and the client's, whose world is one
 * answer at a time.
 */
export class ChartModel<M extends AnyStateMachine> {
  readonly #options: ChartModelOptions<M>;
  readonly #chart: PureChart<M>;

  constructor(options: ChartModelOptions<M>) {
    this.#options = options;
    this.#chart = new PureChart(options.machine);
  }

  get transitions(): readonly string[] {
    return this.#chart.transitions;
  }

  explored(): Model<State<M>> {
    return explore<State<M>>({
      start: this.#begun(),
      labels: ({ after }) =>
        descriptorsOf(plain(after)).filter((type: string) => plain(after).can(this.#event(type))),
      step: ({ after }, label) => this.#chart.step(after, this.#event(label)),
      key: ({ after }) => JSON.stringify([plain(after).value, plain(after).context]),
      limit: 1_000,
    });
  }

  /** Walks each edge of the model on the real host, comparing each step, and gives the walks. */
  walked(model: Model<State<M>>): readonly (readonly Edge<State<M>>[])[] {
    const walks = walksOver(model, model.edges, { longest: 60 });
    for (const walk of walks) this.#replay(walk);
    return walks;
  }

  #replay(walk: readonly Edge<State<M>>[]): void {
    const { machine, input } = this.#options;
    const bench = new Bench(machine).begin(input as InputFrom<M>);
    let state = this.#begun();
    expectSame(bench, state);
    for (const { label } of walk) {
      state = this.#chart.step(state.after, this.#event(label));
      expectSame(bench.post(this.#event(label)), state);
    }
  }

  #begun(): State<M> {
    return this.#chart.begin(this.#options.input as InputFrom<M>);
  }

  #event(type: string): EventFromLogic<M> {
    return { type, ...this.#options.events[type] } as unknown as EventFromLogic<M>;
  }
}

function expectSame<M extends AnyStateMachine>(bench: Bench<M>, { after, effects }: State<M>): void {
  const real = [bench.value, bench.context, bench.effects()];
  const model = [plain(after).value, plain(after).context, effects];
  if (!isDeepStrictEqual(real, model))
    throw new Error(`the host is ${JSON.stringify(real)}, the model ${JSON.stringify(model)}`);
  if (!readsBack(bench.machine, plain(bench.snapshot)))
    throw new Error(`${JSON.stringify(real)} reads back to something else`);
}

function plain(snapshot: SnapshotFrom<AnyStateMachine>): AnyMachineSnapshot {
  return snapshot as unknown as AnyMachineSnapshot;
}
