import type { Moved } from '../../../fleet/step-listeners.ts';
import type { JobState } from '../../../plan/job-state.ts';
import type { Progress } from '../../../wire/messages.ts';

/** The most pending instances that a progress message names. */
const MOST_NAMED = 10;

/** How far work on `of` instances is; `first` holds all that are pending, or the first ones of `count`. */
export function progressOf(of: number, first: Progress['pending'], count = first.length): Progress {
  return { done: Math.max(0, of - count), of, pending: first.slice(0, MOST_NAMED) };
}

/** The first `count` pending instances, for a progress message. */
type FirstPending = (count: number) => readonly { readonly name: string; readonly state: JobState }[];

/** Reports the progress of work on `of` instances whenever the number of pending ones changes. */
export function progressReporter(
  of: number,
  report: (progress: Progress) => void,
): (pending: number, first: FirstPending) => void {
  let reported = 0;
  return (pending, first) => {
    if (pending > 0 && pending !== reported)
      report(
        progressOf(
          of,
          first(MOST_NAMED).map(({ name, state }) => ({ job: name, state })),
          pending,
        ),
      );
    reported = pending;
  };
}

export interface PendingOptions {
  /** Whether an instance is still waited for. */
  readonly isPending: (name: string) => boolean;
  /** Whether the steps of other instances may change that. */
  readonly hangsOnOthers: (name: string) => boolean;
  /** Whether an instance that was no longer waited for is looked at again. */
  readonly mayComeBack: (name: string) => boolean;
}

/**
 * The instances that a request waits for. Each look is at those that moved, so that waiting for many jobs is
 * linear in their steps.
 */
export class PendingNames {
  readonly #options: PendingOptions;
  readonly #all: ReadonlySet<string>;
  readonly #pending: Set<string>;
  readonly #hanging = new Set<string>();

  constructor(names: readonly string[], options: PendingOptions) {
    this.#options = options;
    this.#all = new Set(names);
    this.#pending = new Set(names);
  }

  get size(): number {
    return this.#pending.size;
  }

  /** The first ones that are pending. */
  first(count: number): readonly string[] {
    const first: string[] = [];
    for (const name of this.#pending) if (first.push(name) === count) break;
    return first;
  }

  drop(name: string): void {
    this.#pending.delete(name);
    this.#hanging.delete(name);
  }

  look(moved: Moved): void {
    const { isPending, hangsOnOthers, mayComeBack } = this.#options;
    for (const name of moved === null ? this.#all : new Set([...moved, ...this.#hanging])) {
      if (!this.#all.has(name) || !(this.#pending.has(name) || mayComeBack(name))) continue;
      const is = isPending(name);
      if (is) this.#pending.add(name);
      else this.#pending.delete(name);
      if ((is || mayComeBack(name)) && hangsOnOthers(name)) this.#hanging.add(name);
      else this.#hanging.delete(name);
    }
  }
}
