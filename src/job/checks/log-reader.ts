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

/**
 * Reads a log onward from an offset, also across rotations: output that was moved to `path.1` unread is read
 * there first.
 */
export class LogReader {
  readonly #options: LogReaderOptions;
  #at: number;
  /** The identity of `path.1` when the log itself was last read. */
  #newest: string;
  /** The rotated log that is being read; null for the log itself. */
  #rotated: string | null = null;

  constructor(options: LogReaderOptions) {
    this.#options = options;
    this.#at = options.from;
    const { probes, path, from, after } = options;
    this.#newest = after ?? this.#id(1);
    // Rotated since, as before this daemon began.
    if (after !== undefined) return;
    if (probes.logSize(path) < from && probes.logSize(rotatedLog(path, 1)) > from) this.#readRotated(1);
  }

  /** The next bytes, at most `limit`; none at the end. */
  next(limit: number): LogPart {
    if (this.#rotated === null && this.#id(1) !== this.#newest)
      this.#readRotated((this.#indexOf(this.#newest) ?? this.#count() + 1) - 1);
    for (let id = this.#rotated; id !== null; id = this.#rotated) {
      const index = this.#indexOf(id);
      const bytes = index === null ? NOTHING : this.#take(rotatedLog(this.#options.path, index), limit);
      if (bytes.length > 0) return { bytes, isEmptied: false };
      this.#leave(index);
    }
    const isEmptied = this.#options.probes.logSize(this.#options.path) < this.#at;
    if (isEmptied) this.#at = 0;
    return { bytes: this.#take(this.#options.path, limit), isEmptied };
  }

  /** Continues with the next newer log. */
  #leave(index: number | null): void {
    // Rotation moves an unfinished line to the new log, so the part that was read already is skipped there.
    this.#at =
      index === null
        ? 0
        : Math.max(0, this.#at - this.#options.probes.logSize(rotatedLog(this.#options.path, index)));
    this.#readRotated((index ?? this.#count() + 1) - 1);
  }

  #readRotated(index: number): void {
    this.#rotated = index < 1 ? null : this.#id(index);
    if (index < 1) this.#newest = this.#id(1);
  }

  #take(path: string, limit: number): Uint8Array {
    const bytes = this.#options.probes.readLog(path, this.#at, limit);
    this.#at += bytes.length;
    return bytes;
  }

  #id(index: number): string {
    return this.#options.probes.logId(rotatedLog(this.#options.path, index));
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

const NOTHING = new Uint8Array();
