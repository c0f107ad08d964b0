import type { ChildExit, LaunchEvents, SpawnedChild } from '../../src/job/ports.ts';
import type { GatedChild } from './gated-child.ts';

/** What a daemon has heard of one launch. */
export class SimLaunch {
  readonly #on: LaunchEvents;
  readonly #whenOver: (() => void)[] = [];
  child: GatedChild | null = null;
  isCancelled = false;
  #isTold = false;
  #isSentAway = false;
  #isOver = false;

  constructor(on: LaunchEvents) {
    this.#on = on;
  }

  /** Call this last: reporting the child persists its record, and that opens the gate. */
  tell(child: SpawnedChild): void {
    if (this.isCancelled || this.#isSentAway || this.#isTold) return;
    this.#isTold = true;
    this.#on.spawned(child);
  }

  /** The pid is free again; of one that was never told of nobody knows it. */
  reaped(): void {
    if (this.#isTold) this.#on.reaped?.();
  }

  failed(failure: Parameters<LaunchEvents['failed']>[0]): void {
    if (!this.isCancelled) this.#on.failed(failure);
  }

  cancel(gone: () => void): void {
    this.isCancelled = true;
    this.sendAway(gone);
  }

  sendAway(gone: () => void): void {
    this.#isSentAway = true;
    this.child?.tell('leave');
    if (this.child === null || this.#isOver) gone();
    else this.#whenOver.push(gone);
  }

  ended(exit: ChildExit): void {
    this.#isOver = true;
    if (this.#isTold) this.#on.exited(exit, null);
    else if (!this.#isSentAway) this.failed({ detail: 'ended before it told of itself', lasting: false });
    for (const gone of this.#whenOver) gone();
  }
}
