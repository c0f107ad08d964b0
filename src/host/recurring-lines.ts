import type { Clock } from './clock.ts';

/** The same line is said again after this long. */
const AGAIN_MS = 60_000;
/** How many different lines are remembered: those that were said longest ago are forgotten. */
const REMEMBERED = 50;

interface Said {
  readonly at: number;
  unsaid: number;
}

/** Lines that may be repeated each second for as long as a fault lasts: each is said once a minute, with how often it was not. */
export class RecurringLines {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #say: (line: string) => void;
  readonly #said = new Map<string, Said>();

  constructor(clock: Pick<Clock, 'monotonic'>, say: (line: string) => void) {
    this.#clock = clock;
    this.#say = say;
  }

  /** `subject` tells whether two lines are the same; by default the line itself does. */
  say(line: string, subject = line): void {
    const at = this.#clock.monotonic();
    const before = this.#said.get(subject);
    if (before !== undefined && at - before.at < AGAIN_MS) {
      before.unsaid += 1;
      return;
    }
    this.#said.delete(subject);
    this.#said.set(subject, { at, unsaid: 0 });
    for (const oldest of [...this.#said.keys()].slice(0, -REMEMBERED)) this.#said.delete(oldest);
    const unsaid = before?.unsaid ?? 0;
    this.#say(unsaid === 0 ? line : `${line} (and ${unsaid} times more before)`);
  }

  /** It is over: should it happen again, that is news. */
  forget(subject: string): void {
    this.#said.delete(subject);
  }
}
