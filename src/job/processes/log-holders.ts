import type { Os } from '../../os/os.ts';
import { CannotAsk, NotKnownYet } from '../../os/system-error.ts';

/**
 * Who writes to the log of a job: on macOS this tells the processes of a job that hide their environment, as
 * Apple's own do. All logs that are asked for in a while are looked for together.
 */
export class LogHolders {
  readonly #os: Pick<Os, 'later'>;
  readonly #now: () => number;
  readonly #wanted = new Set<string>();
  readonly #found = new Map<string, { readonly begun: number; readonly pids: readonly number[] }>();
  #isUnderWay = false;

  constructor(os: Pick<Os, 'later'>, now = () => performance.now()) {
    this.#os = os;
    this.#now = now;
  }

  get moment(): number {
    return this.#now();
  }

  /** By a look that began at a moment or later; `NotKnownYet` is thrown until then. */
  find(log: string, since: number): readonly number[] {
    if (!this.#has(log, since)) {
      this.#wanted.add(log);
      if (!this.#isUnderWay) this.#ask();
    }
    const found = this.#found.get(log);
    if (found === undefined || !this.#has(log, since)) throw new NotKnownYet();
    this.#found.delete(log);
    return found.pids;
  }

  #has(log: string, since: number): boolean {
    const found = this.#found.get(log);
    return found !== undefined && found.begun >= since;
  }

  #ask(): void {
    const logs = [...this.#wanted];
    this.#wanted.clear();
    const begun = this.#now();
    this.#isUnderWay = true;
    this.#os.later.writers(logs, (answer) => {
      this.#isUnderWay = false;
      // It is the second sign of two: where it cannot be had, a job is not kept from ending.
      const writers = answer instanceof CannotAsk ? new Map<string, readonly number[]>() : answer;
      for (const log of logs) this.#found.set(log, { begun, pids: writers.get(log) ?? [] });
    });
  }
}
