import type { ChildIdentity, MemorySamples } from '../ports.ts';

export interface MemoryLimitOptions {
  readonly memory: MemorySamples;
  /** What the job's config allows now: it may change between two samples. */
  readonly maxBytes: () => number | null;
  readonly onOver: (run: number, bytes: number) => void;
  readonly onWithin: (run: number) => void;
}

/** Compares the memory of a running job with its limit, until it is told to end. */
export class MemoryLimit {
  readonly #options: MemoryLimitOptions;
  #sampling: { end(): void } | null = null;
  /** Whether the last sample was above the limit. */
  #isOver = false;

  constructor(options: MemoryLimitOptions) {
    this.#options = options;
  }

  begin(run: number, child: ChildIdentity, isOver: boolean): void {
    this.end();
    if (this.#options.maxBytes() === null) return;
    this.#isOver = isOver;
    this.#sampling = this.#options.memory.sample(child, (bytes) => this.#sampled(run, bytes));
  }

  end(): void {
    this.#sampling?.end();
    this.#sampling = null;
  }

  #sampled(run: number, bytes: number): boolean {
    const { maxBytes, onOver, onWithin } = this.#options;
    const most = maxBytes();
    if (most === null) {
      this.end();
      return false;
    }
    const wasOver = this.#isOver;
    this.#isOver = bytes > most;
    if (this.#isOver) onOver(run, bytes);
    else if (wasOver) onWithin(run);
    return this.#isOver;
  }
}
