import type { AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom, StateValue } from 'xstate';
import type { RequestedAction, StepResult } from './chart-step.ts';
import { firstStep, nextStep } from './chart-step.ts';
import type { Clock, Timer } from './clock.ts';

/** One step of a chart: its event, the snapshots before and after it, and the effects that it asked for. */
export interface Step<M extends AnyStateMachine> {
  readonly event: EventFromLogic<M> | { readonly type: 'xstate.init' };
  readonly before: SnapshotFrom<M> | null;
  readonly after: SnapshotFrom<M>;
  /** Names of the effects that the step asked for, in order. */
  readonly effects: readonly string[];
}

/** A snapshot as it is persisted: plain JSON. */
export interface Kept {
  readonly value: StateValue;
  readonly context: unknown;
}

export interface ChartHostOptions<M extends AnyStateMachine> {
  readonly machine: M;
  readonly clock: Clock;
  /** Called before the effects of a step are performed. */
  readonly keep: (step: Step<M>) => void;
  /**
   * Performs one effect. It must not throw for anything that the world can do: a refusal by the world is an
   * event.
   */
  readonly perform: (effect: string, after: SnapshotFrom<M>) => void;
  /**
   * Called with an exception that was thrown while a step was computed, kept or performed; the host goes on.
   * Without this callback the exception reaches the caller.
   */
  readonly onBug?: (error: unknown) => void;
}

/**
 * Runs a chart: a mailbox of events, one pure step at a time. Each step is kept before its effects are
 * performed. Timers are the chart's delayed transitions; the world answers with `post`.
 */
export class ChartHost<M extends AnyStateMachine> {
  readonly #options: ChartHostOptions<M>;
  readonly #mailbox: EventFromLogic<M>[] = [];
  readonly #timers = new Map<string, { readonly timer: Timer; readonly dueWall: number }>();
  #snapshot: SnapshotFrom<M> | null = null;
  #busy = false;
  #ended = false;
  /** Actions of all steps so far, timers that were armed or cleared among them. */
  #acts = 0;

  constructor(options: ChartHostOptions<M>) {
    this.#options = options;
  }

  get hasBegun(): boolean {
    return this.#snapshot !== null;
  }

  /** The snapshot after the last step. Throws before `begin` or `restore`: calling it then is a bug. */
  get snapshot(): SnapshotFrom<M> {
    if (this.#snapshot === null) throw new Error('the chart has not begun');
    return this.#snapshot;
  }

  /** Grows with every step that asked for anything: an effect, or a timer to be armed or cleared. */
  get acts(): number {
    return this.#acts;
  }

  /** Enters the chart's initial state. */
  begin(input: InputFrom<M>): void {
    const taken = firstStep(this.#options.machine, input);
    this.#busy = true;
    try {
      this.#take({ type: 'xstate.init' }, null, taken);
    } finally {
      this.#busy = false;
    }
    this.#drain();
  }

  /**
   * Restores a persisted snapshot without performing anything; no timer runs until `rearm`. Throws when the
   * snapshot does not fit this chart.
   */
  restore(kept: Kept): void {
    this.#snapshot = this.#options.machine.resolveState(kept as never) as SnapshotFrom<M>;
  }

  /**
   * Arms the timers of the current states that do not run, each with its whole delay: all of them after
   * `restore`.
   */
  rearm(): void {
    const after = this.snapshot as unknown as {
      readonly _nodes: readonly DelayedNode[];
      readonly context: unknown;
    };
    for (const node of after._nodes) {
      for (const delayed of node.after ?? []) {
        if (this.#timers.has(delayed.eventType)) continue;
        this.#arm(delayed.eventType, delayOf(this.#options.machine, delayed.delay, after.context), {
          type: delayed.eventType,
        } as EventFromLogic<M>);
      }
    }
  }

  /** Puts an event in the mailbox; it is taken as soon as the steps before it are done. */
  post(event: EventFromLogic<M>): void {
    if (this.#ended) return;
    this.#mailbox.push(event);
    this.#drain();
  }

  /** When the timer of a named delay is due, in wall-clock milliseconds; null when it is not running. */
  dueAt(delay: string): number | null {
    for (const [id, armed] of this.#timers) if (id.startsWith(`xstate.after.${delay}.`)) return armed.dueWall;
    return null;
  }

  /**
   * Clears the timers and the mailbox. Nothing more happens; even the rest of the current step is dropped.
   */
  end(): void {
    this.#ended = true;
    for (const { timer } of this.#timers.values()) timer.clear();
    this.#timers.clear();
    this.#mailbox.length = 0;
  }

  #drain(): void {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let event = this.#mailbox.shift(); event !== undefined; event = this.#mailbox.shift())
        this.#takeNext(event);
    } finally {
      // Accept events again, also after an exception.
      this.#busy = false;
    }
  }

  #takeNext(event: EventFromLogic<M>): void {
    const before = this.snapshot;
    this.#catch(() => this.#take(event, before, nextStep(this.#options.machine, before, event)));
  }

  #catch(work: () => void): void {
    const { onBug } = this.#options;
    if (onBug === undefined) return work();
    try {
      work();
    } catch (error) {
      onBug(error);
    }
  }

  #take(event: Step<M>['event'], before: SnapshotFrom<M> | null, { after, asked }: StepResult<M>): void {
    const effects = asked.filter(({ type }) => !type.startsWith('xstate.')).map(({ type }) => type);
    this.#snapshot = after;
    this.#acts += asked.length;
    this.#catch(() => this.#options.keep({ event, before, after, effects }));
    for (const each of asked) if (!this.#ended) this.#catch(() => this.#act(each));
  }

  #act({ type, params }: RequestedAction): void {
    switch (type) {
      case 'xstate.raise': {
        const { id, delay, event } = params as {
          readonly id: string;
          readonly delay?: number;
          readonly event: EventFromLogic<M>;
        };
        // A raise without a delay is already part of the step.
        if (delay !== undefined) this.#arm(id, delay, event);
        return;
      }
      case 'xstate.cancel':
        this.#disarm((params as { readonly sendId: string }).sendId);
        return;
      default:
        this.#options.perform(type, this.snapshot);
    }
  }

  #arm(id: string, ms: number, event: EventFromLogic<M>): void {
    this.#disarm(id);
    const { clock } = this.#options;
    const timer = clock.after(ms, () => {
      this.#timers.delete(id);
      this.post(event);
    });
    this.#timers.set(id, { timer, dueWall: clock.wall() + ms });
  }

  #disarm(id: string): void {
    this.#timers.get(id)?.timer.clear();
    this.#timers.delete(id);
  }
}

interface DelayedNode {
  readonly after: readonly { readonly eventType: string; readonly delay: unknown }[];
}

function delayOf(machine: AnyStateMachine, delay: unknown, context: unknown): number {
  const resolved: unknown = typeof delay === 'string' ? machine.implementations.delays[delay] : delay;
  return typeof resolved === 'function' ? (resolved({ context }) as number) : (resolved as number);
}
