import type { JobEvent } from '../../machines/job.ts';
import type { Clock } from '../host/clock.ts';
import type { ChildExit } from './ports.ts';

/**
 * An exit counts as lost when the child of this daemon was found gone this often and for this long without
 * its exit being announced. A daemon that was suspended hears of an exit late, so both must hold.
 */
const EXIT_LOST = { ms: 5_000, polls: 3 } as const;

export interface ExitReportsOptions {
  readonly clock: Clock;
  readonly post: (event: JobEvent) => void;
}

/** Posts the exits of an instance's runs to its chart, and remembers which were posted. */
export class ExitReports {
  readonly #options: ExitReportsOptions;
  /** The newest run whose exit is dealt with. */
  #newestRun = 0;
  #last: { readonly run: number; readonly exit: ChildExit } | null = null;
  /** A child of this daemon that was found gone before its exit was announced. */
  #gone: { readonly run: number; readonly since: number; polls: number } | null = null;

  constructor(options: ExitReportsOptions) {
    this.#options = options;
  }

  get newestRun(): number {
    return this.#newestRun;
  }

  /** The exit of this run, if it was the last one posted. */
  exitOf(run: number): ChildExit | null {
    return this.#last?.run === run ? this.#last.exit : null;
  }

  post(run: number, { code, signal }: ChildExit): void {
    this.settle(run);
    this.#last = { run, exit: { code, signal } };
    const at = new Date(this.#options.clock.wall()).toISOString();
    this.#options.post({ type: 'ChildExited', run, code, signal, at });
  }

  /**
   * No exit of this run needs to be posted any more. The end of an older run may arrive after that of a newer
   * one.
   */
  settle(run: number): void {
    this.#newestRun = Math.max(this.#newestRun, run);
  }

  /**
   * Call each time that a child of this daemon is found gone although its exit was not announced. True once
   * the exit must be taken for lost: it is normally announced a moment later, and only an exception on its
   * way can prevent that.
   */
  isLost(run: number): boolean {
    const now = this.#options.clock.monotonic();
    if (this.#gone?.run !== run) this.#gone = { run, since: now, polls: 0 };
    this.#gone.polls += 1;
    return this.#gone.polls >= EXIT_LOST.polls && now - this.#gone.since >= EXIT_LOST.ms;
  }
}
