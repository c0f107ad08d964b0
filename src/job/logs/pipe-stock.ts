import { constants, lstatSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isRefusal } from '../../os/system-error.ts';
import { makeFifos } from '../../os/make-fifos.ts';

/** Each batch costs a process, and each pipe in stock a descriptor. */
const BATCH = { least: 8, most: 128 } as const;

/** When so few are left, more are made, so that a job that is restarted does not wait for that. */
const FEW = 4;

/** The delay before they are made: the launch that took the last pipes forks first. */
const REFILL_MS = 100;

const { O_NOFOLLOW, O_RDWR } = constants;

/** The result of making pipes: `never` where the system or the file system has none. */
export type Refill =
  | { readonly ok: true }
  | { readonly ok: false; readonly lasts: boolean; readonly why: string };

/**
 * A stock of pipes for the output of jobs. They are made as FIFOs in a folder and lose their names at once: a
 * program that copies or searches the folder would block on a FIFO. The descriptor can be read and written,
 * so a process that holds it always has a reader.
 */
export class PipeStock {
  readonly #folder: string;
  readonly #pipes: number[] = [];
  #waiting: ((refill: Refill) => void)[] = [];
  #soon: NodeJS.Timeout | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get isEmpty(): boolean {
    return this.#pipes.length === 0;
  }

  /** Makes as many as are waited for. */
  refill(done: (refill: Refill) => void): void {
    this.#waiting.push(done);
    if (this.#waiting.length === 1) setImmediate(() => this.#make());
  }

  /** A descriptor of the next pipe, which the caller closes; null when the stock is empty. */
  take(): number | null {
    const pipe = this.#pipes.shift() ?? null;
    if (pipe !== null && this.#pipes.length < FEW) this.#refillSoon();
    return pipe;
  }

  #refillSoon(): void {
    if (this.#soon !== null) return;
    this.#soon = setTimeout(() => {
      this.#soon = null;
      // What a refusal means is for the next one who waits for a pipe.
      if (this.#pipes.length < FEW && this.#waiting.length === 0) this.refill(() => undefined);
    }, REFILL_MS).unref();
  }

  #make(): void {
    const count = Math.min(Math.max(this.#waiting.length, BATCH.least), BATCH.most);
    const paths = Array.from({ length: count }, (_, index) => join(this.#folder, String(index)));
    try {
      // A daemon that was killed may have left some.
      rmSync(this.#folder, { recursive: true, force: true });
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      makeFifos(paths, (made) => {
        if (made.ok) this.#open(paths);
        else
          this.#finish(made.error === null ? { ok: false, lasts: true, why: made.why } : failed(made.error));
      });
    } catch (error) {
      this.#finish(failed(error));
    }
  }

  #open(paths: readonly string[]): void {
    let refill: Refill = { ok: true };
    try {
      for (const path of paths)
        // Opening one for both does not wait, since it is its own other end.
        if (lstatSync(path).isFIFO()) this.#pipes.push(openSync(path, O_RDWR | O_NOFOLLOW));
      rmSync(this.#folder, { recursive: true, force: true });
    } catch (error) {
      if (this.isEmpty) refill = failed(error);
    }
    this.#finish(refill);
  }

  #finish(refill: Refill): void {
    for (const tell of this.#waiting.splice(0)) tell(refill);
  }
}

/** Only a system without `mkfifo` has no pipes; a folder that cannot be used now may be repaired. */
function failed(error: unknown): Refill {
  if (!isRefusal(error)) throw error;
  return { ok: false, lasts: error.code === 'ENOENT', why: error.message };
}
