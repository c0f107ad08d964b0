import { isDeepStrictEqual } from 'node:util';
import type { AnyMachineSnapshot, AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate';
import type { Kept, Step } from '../../src/host/chart-host.ts';
import { ChartHost } from '../../src/host/chart-host.ts';
import { FakeClock } from './fake-clock.ts';

/**
 * A chart on the real host, with simulated time, a journal that only remembers, and effects that are only
 * written down.
 */
export class Bench<M extends AnyStateMachine> {
  readonly machine: M;
  readonly clock: FakeClock;
  readonly steps: Step<M>[] = [];
  #host: ChartHost<M>;
  #performed: string[] = [];
  /** How many effects of the step under way are still to be performed. */
  #toPerform = 0;

  constructor(machine: M, clock = new FakeClock()) {
    this.machine = machine;
    this.clock = clock;
    this.#host = this.#newHost();
  }

  begin(...[input]: undefined extends InputFrom<M> ? [input?: InputFrom<M>] : [input: InputFrom<M>]): this {
    this.#host.begin(input as InputFrom<M>);
    return this;
  }

  /** Posts events one after another. */
  post(...events: readonly EventFromLogic<M>[]): this {
    for (const event of events) this.#host.post(event);
    return this;
  }

  /** Lets time pass. */
  wait(ms: number): this {
    this.clock.advance(ms);
    return this;
  }

  /** Calls one timer before its time; false when the chart has not set it. */
  fireTimer(type: string): boolean {
    const due = this.#host.dueAt(delayNameOf(type));
    return due !== null && this.clock.fireEarly(due - this.clock.wall());
  }

  /** Whether the timer of a named delay runs. */
  isTiming(delay: string): boolean {
    return this.#host.dueAt(delay) !== null;
  }

  /** After how many milliseconds a named delay is over; NaN when its timer does not run. */
  msUntil(delay: string): number {
    const due = this.#host.dueAt(delay);
    return due === null ? Number.NaN : due - this.clock.wall();
  }

  /** The daemon ends at once, and another one takes up what was kept, as text. */
  restore(): this {
    const kept = JSON.stringify(this.kept);
    this.#host.end();
    this.#host = this.#newHost();
    this.#host.restore(JSON.parse(kept) as Kept);
    this.#host.rearm();
    return this;
  }

  /** What the journal holds of the chart. */
  get kept(): Kept {
    const { value, context } = this.snapshot as unknown as AnyMachineSnapshot;
    return { value, context };
  }

  get snapshot(): SnapshotFrom<M> {
    return this.#host.snapshot;
  }

  get value(): SnapshotFrom<M>['value'] {
    return (this.snapshot as unknown as AnyMachineSnapshot).value as SnapshotFrom<M>['value'];
  }

  get context(): SnapshotFrom<M>['context'] {
    return (this.snapshot as unknown as AnyMachineSnapshot).context as SnapshotFrom<M>['context'];
  }

  /** The effects performed since this was last asked. */
  effects(): readonly string[] {
    const performed = this.#performed;
    this.#performed = [];
    return performed;
  }

  #newHost(): ChartHost<M> {
    this.#toPerform = 0;
    const host: ChartHost<M> = new ChartHost({
      machine: this.machine,
      clock: this.clock,
      keep: (step) => this.#keep(step),
      perform: (effect, after) => {
        const kept = this.steps.at(-1);
        if (kept?.after !== after || !kept.effects.includes(effect))
          throw new Error(`${effect} is performed before its step was kept`);
        this.#performed.push(effect);
        this.#toPerform -= 1;
        host.post(ECHO as EventFromLogic<M>);
      },
    });
    return host;
  }

  #keep(step: Step<M>): void {
    if (this.#toPerform > 0) throw new Error('an event is taken in the middle of a step');
    if ((step.event as { readonly type: string }).type === ECHO.type) return;
    this.#toPerform = step.effects.length;
    this.steps.push(step);
  }
}

/** Comes while an effect is performed, as the world's answers do; no chart has a use for it. */
const ECHO = { type: 'Echo' } as const;

/** Whether what was kept, as text, reads back to the same configuration. */
export function readsBack(machine: AnyStateMachine, snapshot: AnyMachineSnapshot): boolean {
  const kept = { value: snapshot.value, context: snapshot.context as unknown };
  const back = machine.resolveState(JSON.parse(JSON.stringify(kept)) as never) as AnyMachineSnapshot;
  return isDeepStrictEqual(
    [back.value, back.context, back.status, idsOf(back)],
    [snapshot.value, snapshot.context, snapshot.status, idsOf(snapshot)],
  );
}

function idsOf(snapshot: AnyMachineSnapshot): readonly string[] {
  return snapshot._nodes.map(({ id }: { readonly id: string }) => id).toSorted();
}

/** `xstate.after.stopTimeout.job.child.Ending.Stopping` is a timer of `stopTimeout`. */
export function delayNameOf(type: string): string {
  return type.split('.')[2] ?? '';
}
