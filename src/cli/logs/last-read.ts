import { readAt, sizeOf, type LogFile } from './log-file.ts';

/** How many of the last bytes are kept. */
export const KEPT = 4096;
const BLOCK = 64 * 1024;
const NEWLINE = 10;

/** The last bytes that were read of a log: they tell where reading continues in a copy of it. */
export class LastRead {
  #bytes: Buffer = Buffer.alloc(0);

  get bytes(): Buffer {
    return this.#bytes;
  }

  push(bytes: Buffer): void {
    this.#bytes =
      bytes.length >= KEPT
        ? Buffer.from(bytes.subarray(-KEPT))
        : Buffer.concat([this.#bytes.subarray(-(KEPT - bytes.length)), bytes]);
  }

  /**
   * How far a copy of the log has been read when the log itself was read up to `at`; null if the copy does
   * not hold what was read. The copy may lack the beginning of the log, and its last lines.
   */
  placeIn(copy: LogFile, at: number): number | null {
    const [lines, unfinished] = this.#parts();
    if (lines.length === 0) return at;
    const end = at - unfinished.length;
    const sameOffset = readAt(copy, end - lines.length, lines.length);
    if (sameOffset.length > 0 && lines.subarray(0, sameOffset.length).equals(sameOffset)) return at;
    const moved = lastEndOf(lines, copy, end) ?? sharedWith(copy, lines);
    return moved === null ? null : moved + unfinished.length;
  }

  /** How many bytes at the beginning of the next log are read already: the copy did not take them. */
  skippedIn(next: LogFile, missing: number): number {
    const [lines, unfinished] = this.#parts();
    // The beginning of so long a line is not kept.
    if (lines.length === 0) return missing;
    return readAt(next, 0, unfinished.length).equals(unfinished) ? unfinished.length : 0;
  }

  /** Whole lines, and the beginning of the one that has not ended. */
  #parts(): readonly [Buffer, Buffer] {
    const end = this.#bytes.lastIndexOf(NEWLINE) + 1;
    return [this.#bytes.subarray(0, end), this.#bytes.subarray(end)];
  }
}

/** Where the last occurrence of these bytes ends, at an offset or before it. */
function lastEndOf(wanted: Buffer, file: LogFile, most: number): number | null {
  for (let end = Math.min(most, sizeOf(file)); end >= wanted.length; end -= BLOCK) {
    const from = Math.max(0, end - wanted.length - BLOCK);
    const found = readAt(file, from, end - from).lastIndexOf(wanted);
    if (found >= 0) return from + found + wanted.length;
  }
  return null;
}

/** The length of the last of these lines with which a file begins. */
function sharedWith(file: LogFile, lines: Buffer): number | null {
  const head = readAt(file, 0, lines.length);
  for (let from = 0; from < lines.length; from = lines.indexOf(NEWLINE, from) + 1) {
    const last = lines.subarray(from);
    if (head.subarray(0, last.length).equals(last)) return last.length;
  }
  return null;
}
