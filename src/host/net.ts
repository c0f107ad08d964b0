import { AsyncLocalStorage } from 'node:async_hooks';

/** Hears of an exception. `isAnswered` when whoever asked got an answer in its place, so that nothing hangs. */
export type FaultListener = (error: unknown, isAnswered: boolean) => void;

const current = new AsyncLocalStorage<Net>();

/**
 * Code that belongs to one owner, such as a job. What it throws is that owner's fault and nobody else's: in a call, in a
 * callback, and, because Node carries the owner along, in every timer, event or promise that the code leads to.
 */
export class Net {
  readonly #onFault: FaultListener;

  constructor(onFault: FaultListener) {
    this.#onFault = onFault;
  }

  /** Does the work. An exception ends it there. */
  run(work: () => void): void {
    try {
      current.run(this, work);
    } catch (error) {
      this.#onFault(error, false);
    }
  }

  /** The answer of the world, or the one given in its place when asking throws. */
  ask<T>(question: () => T, otherwise: (detail: string) => T): T {
    try {
      return current.run(this, question);
    } catch (error) {
      this.#onFault(error, true);
      return otherwise(messageOf(error));
    }
  }

  /** An exception of this owner's code that nobody caught. */
  fault(error: unknown): void {
    this.#onFault(error, false);
  }
}

/** The net of the code that runs now; undefined where it belongs to nobody. */
export const currentNet = (): Net | undefined => current.getStore();

/** The same work, done later in the net of today: for queues that several owners share. */
export function inCurrentNet(work: () => void): () => void {
  const net = currentNet();
  return net === undefined ? work : () => net.run(work);
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
