import type { OsAnswer } from '../os.ts';
import { CannotAsk } from '../system-error.ts';

/**
 * Asks for many pids in one question: while one is under way, all who ask wait for the next. Each gets the
 * answer of the whole question, cut to the pids that were asked for.
 */
export class Together<T extends readonly { readonly pid: number }[]> {
  readonly #ask: (pids: readonly number[], done: OsAnswer<T>) => void;
  #waiting: { readonly pids: readonly number[]; readonly done: OsAnswer<readonly T[number][]> }[] = [];
  #isUnderWay = false;

  constructor(ask: (pids: readonly number[], done: OsAnswer<T>) => void) {
    this.#ask = ask;
  }

  ask(pids: readonly number[], done: OsAnswer<readonly T[number][]>): void {
    this.#waiting.push({ pids, done });
    if (!this.#isUnderWay) this.#next();
  }

  #next(): void {
    const asked = this.#waiting;
    this.#waiting = [];
    this.#isUnderWay = asked.length > 0;
    if (!this.#isUnderWay) return;
    this.#ask([...new Set(asked.flatMap(({ pids }) => pids))], (answer) => {
      this.#next();
      for (const { pids, done } of asked)
        done(answer instanceof CannotAsk ? answer : answer.filter(({ pid }) => pids.includes(pid)));
    });
  }
}
