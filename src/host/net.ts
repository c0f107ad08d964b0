import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Called with an exception. `isAnswered` when the caller got a substitute answer, so that nothing waits for
 * ever.
 */
export type FaultListener = (error: unknown, isAnswered: boolean) => void;

const current = new AsyncLocalStorage<Net>();

/**
 * Code that belongs to one owner, such as a job. An exception in it is a fault of that owner alone. This
 * holds for the call itself, for its callbacks, and, because Node passes the owner along, for every timer,
 * event and promise that the code starts.
 */
export class Net {
  readonly #onFault: FaultListener;

  constructor(onFault: FaultListener) {
    this.#onFault = onFault;
  }

  /** Runs the work and catches its exceptions. */
  run(work: () => void): void {
    try {
      current.run(this, work);
    } catch (error) {
      this.#onFault(error, false);
    }
  }

  /** The answer of the world; if the question throws, `otherwise` gives one in its place. */
  ask<T>(question: () => T, otherwise: (detail: string) => T): T {
    try {
      return current.run(this, question);
    } catch (error) {
      this.#onFault(error, true);
      return otherwise(messageOf(error));
    }
  }

  /** Reports an exception of this owner's code that nothing caught. */
  fault(error: unknown): void {
    this.#onFault(error, false);
  }
}

/** The net of the running code; undefined for code that belongs to no owner. */
export const currentNet = (): Net | undefined => current.getStore();

/** Wraps work so that it runs later in the current net; for queues that several owners share. */
export function inCurrentNet(work: () => void): () => void {
  const net = currentNet();
  return net === undefined ? work : () => net.run(work);
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
