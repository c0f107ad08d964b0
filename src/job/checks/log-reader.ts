import { rotatedLog } from '../../data-folder.ts';
import type { Probes } from '../ports.ts';

export interface LogReaderOptions {
  readonly probes: Pick<Probes, 'logSize' | 'logId' | 'readLog'>;
  readonly path: string;
  readonly from: number;
  /** The id of the newest rotated log when `from` was measured; undefined in records of older daemons. */
  readonly after?: string | undefined;
}

/** New output in a log. */
export interface LogPart {
  readonly bytes: Uint8Array;
  /** The log was truncated without a copy: a line that was begun before does not continue. */
  readonly isEmptied: boolean;
}

/** The system cannot tell just now. */
class NotNow extends Error {
  override readonly name = 'NotNow';
}

/**
 * Reads a log onward from an offset, also across rotations: output that was moved to `path.1` unread is read
 * there first. Where the system cannot tell, there is nothing to read for now, and nothing is passed over.
 */
export class LogReader {
  readonly #options: LogReaderOptions;
  #at: number;
  /** The identity of `path.1` when the log itself was last read; null where that is not known yet. */
  #newest: string | null;
  /** The rotated log that is being read; null for the log itself. */
  #rotated: string | null = null;

  constructor(options: LogReaderOptions) {
    this.#options = options;
    this.#at = options.from;
    const { probes, path, from, after } = options;
    const newest = rotatedLog(path, 1);
    this.#newest = after ?? probes.logId(newest);
    // Rotated since, as before this daemon began.
    if (after !== undefined) return;
    const isShorter = (probes.logSize(path) ?? from) < from;
    if (isShorter && (probes.logSize(newest) ?? from) > from) this.#rotated = this.#newest;
  }

  /** The next bytes, at most `limit`; none at the end. */
  next(limit: number): LogPart {
    try {
      return this.#next(limit);
    } catch (error) {
      if (error instanceof NotNow) return { bytes: NOTHING, isEmptied: false };
      throw error;
    }
  }

  #next(limit: number): LogPart {
    this.#newest ??= this.#id(1);
    if (this.#rotated === null && this.#id(1) !== this.#newest)
      this.#goTo((this.#indexOf(this.#newest) ?? this.#count() + 1) - 1, this.#at);
    for (let id = this.#rotated; id !== null; id = this.#rotated) {
      const index = this.#indexOf(id);
      const bytes =
        index === null ? NOTHING : this.#take(rotatedLog(this.#options.path, index), this.#at, limit);
      if (bytes.length > 0) return { bytes, isEmptied: false };
      this.#leave(index);
    }
    const isEmptied = this.#size(this.#options.path) < this.#at;
    return { bytes: this.#take(this.#options.path, isEmptied ? 0 : this.#at, limit), isEmptied };
  }

  /** Continues with the next newer log. */
  #leave(index: number | null): void {
    // Rotation moves an unfinished line to the new log, so the part that was read already is skipped there.
    const at = index === null ? 0 : Math.max(0, this.#at - this.#size(rotatedLog(this.#options.path, index)));
    this.#goTo((index ?? this.#count() + 1) - 1, at);
  }

  /** Reads on in a rotated log, or in the log itself. Asks everything before it changes anything. */
  #goTo(index: number, at: number): void {
    const id = this.#id(Math.max(index, 1));
    if (index < 1) this.#newest = id;
    this.#rotated = index < 1 ? null : id;
    this.#at = at;
  }

  #take(path: string, at: number, limit: number): Uint8Array {
    const bytes = known(this.#options.probes.readLog(path, at, limit));
    this.#at = at + bytes.length;
    return bytes;
  }

  #size(path: string): number {
    return known(this.#options.probes.logSize(path));
  }

  #id(index: number): string {
    return known(this.#options.probes.logId(rotatedLog(this.#options.path, index)));
  }

  /** The present number of a rotated log. */
  #indexOf(id: string): number | null {
    for (let index = 1; id !== ''; index += 1) {
      const found = this.#id(index);
      if (found === id) return index;
      if (found === '') return null;
    }
    return null;
  }

  #count(): number {
    let count = 0;
    while (this.#id(count + 1) !== '') count += 1;
    return count;
  }
}

function known<T>(answer: T | null): T {
  if (answer === null) throw new NotNow();
  return answer;
}

const NOTHING = new Uint8Array();
