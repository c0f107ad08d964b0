import type { Clock } from './clock.ts';

/** A repeated line is logged again after this long. */
const AGAIN_MS = 60_000;
/** At most this many different lines are remembered; the oldest are forgotten. */
const REMEMBERED = 50;

interface Said {
  readonly at: number;
  unsaid: number;
}

/**
 * Rate limit for lines that a lasting fault would repeat each second: each line is logged once a minute, with
 * the number of repetitions.
 */
export class RecurringLines {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #say: (line: string) => void;
  readonly #said = new Map<string, Said>();

  constructor(clock: Pick<Clock, 'monotonic'>, say: (line: string) => void) {
    this.#clock = clock;
    this.#say = say;
  }

  /** Lines with the same `subject` count as the same line; by default the subject is the line itself. */
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

  /** The fault is over: if it happens again, it is logged at once. */
  forget(subject: string): void {
    this.#said.delete(subject);
  }
}
