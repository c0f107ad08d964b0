import type { Progress } from '../../wire/messages.ts';
import type { Output } from '../terminal/output.ts';
import type { RenderContext } from '../terminal/render-context.ts';
import { renderProgress } from './progress.ts';

const ERASE_LINE = '\r\u001b[K';

/**
 * A progress line on a terminal, redrawn with each message and erased at the end. Prints nothing elsewhere.
 */
export class ProgressLine {
  readonly #err: Output;
  readonly #context: RenderContext;
  readonly #verb: string;
  #isShown = false;

  constructor(err: Output, context: RenderContext, verb: string) {
    this.#err = err;
    this.#context = context;
    this.#verb = verb;
  }

  show(progress: Progress): void {
    this.say(renderProgress(this.#verb, progress, this.#context));
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
