import type { Alive } from '../../config/config.ts';
import { NoRoom } from '../no-room.ts';
import type { ProbeFailure } from '../ports.ts';
import { askProbe, type ProbeWorld } from './ask-probe.ts';

export interface AliveChecksOptions extends ProbeWorld {
  /** What the job's config asks for now: it may change between two checks. */
  readonly alive: () => Alive | null;
  readonly onPass: (run: number) => void;
  readonly onFail: (run: number, detail: string) => void;
}

/** Checks a running job again and again, with a pause before each check, until it is ended. */
export class AliveChecks {
  readonly #options: AliveChecksOptions;
  /** The current check, or the pause before the next one. */
  #current: { end(): void } | null = null;
  /** Whether a check has failed since the last one that passed. */
  #hasFailed = false;

  constructor(options: AliveChecksOptions) {
    this.#options = options;
  }

  begin(run: number, hasFailed: boolean): void {
    this.end();
    this.#hasFailed = hasFailed;
    this.#rest(run);
  }

  end(): void {
    this.#current?.end();
    this.#current = null;
  }

  #rest(run: number): void {
    const alive = this.#options.alive();
    if (alive === null) return this.end();
    const timer = this.#options.clock.after(alive.intervalMs, () => this.#check(run));
    this.#current = { end: () => timer.clear() };
  }

  #check(run: number): void {
    const alive = this.#options.alive();
    if (alive === null) return this.end();
    let isOver = false;
    const check = askProbe(this.#options, alive, (failure) => {
      isOver = true;
      this.#conclude(run, failure);
    });
    // A probe may answer at once.
    if (!isOver) this.#current = check;
  }

  /** The rest begins first: what the chart makes of a failure may end it. */
  #conclude(run: number, failure: ProbeFailure): void {
    const { onPass, onFail } = this.#options;
    this.#rest(run);
    if (failure instanceof NoRoom) return;
    const hadFailed = this.#hasFailed;
    this.#hasFailed = failure !== null;
    if (failure !== null) onFail(run, failure);
    else if (hadFailed) onPass(run);
  }
}
