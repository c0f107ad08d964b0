import type { Progress } from '../../wire/messages.ts';
import type { Output } from '../terminal/output.ts';
import type { Look } from '../terminal/render-context.ts';
import { renderProgress } from './progress.ts';

const ERASE_LINE = '\r\u001b[K';

/** One line on a terminal that is written anew with each progress and erased at the end; elsewhere nothing. */
export class ProgressLine {
  readonly #err: Output;
  readonly #look: Look;
  readonly #verb: string;
  #isShown = false;

  constructor(err: Output, look: Look, verb: string) {
    this.#err = err;
    this.#look = look;
    this.#verb = verb;
  }

  show(progress: Progress): void {
    this.say(renderProgress(this.#verb, progress, this.#look));
  }

  say(text: string): void {
    if (!this.#err.isTerminal) return;
    this.#isShown = true;
    void this.#err.write(ERASE_LINE + text);
  }

  async erase(): Promise<void> {
    if (this.#isShown) await this.#err.write(ERASE_LINE);
    this.#isShown = false;
  }
}
