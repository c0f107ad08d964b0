import { closeLog, inodeAt, openLog, readAt, sizeOf, type LogFile } from './log-file.ts';
import { tailStart } from './tail-start.ts';

const BLOCK = 64 * 1024;
/** How much of the end of a copy is held against the log, to tell a finished rotation from one that has only copied. */
const COMPARED = 4096;
/** A log that is rotated again and again while its end is looked for is read from where it is then. */
const ATTEMPTS = 3;

/** A log that is being read, and how far. */
interface Place {
  readonly file: LogFile;
  at: number;
}

/**
 * Reads the log of one job instance: its last lines, then whatever is added, across rotations of both kinds. A log that was
 * renamed, or copied and truncated, is finished from where its rest is now before the new one begins, so that nothing is
 * left out or comes twice.
 */
export class LogTail {
  readonly #path: string;
  /** Rotated logs that are to be finished first, the oldest first. */
  readonly #older: Place[] = [];
  #current: Place | null = null;
  /** Which file was `path.1` when the current log was last looked at. */
  #newestRotated: number | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** Goes to where the last so many lines begin, in a rotated log if need be. */
  begin(lines: number): void {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      this.end();
      this.#openCurrent(0);
      const missing = lines - this.#goBack(this.#current, lines);
      this.#beginOlder(missing);
      if (inodeAt(this.#rotated(1)) === this.#newestRotated) return;
    }
  }

  /** The next bytes, in order; null when there are none now. */
  next(): Buffer | null {
    for (let older = this.#older[0]; older !== undefined; older = this.#older[0]) {
      const bytes = readAt(older.file, older.at, BLOCK);
      older.at += bytes.length;
      if (bytes.length > 0) return bytes;
      closeLog(older.file);
      this.#older.shift();
    }
    if (this.#current === null) this.#openCurrent(0);
    return this.#current === null ? null : this.#nextOf(this.#current);
  }

  end(): void {
    for (const { file } of this.#older.splice(0)) closeLog(file);
    if (this.#current !== null) closeLog(this.#current.file);
    this.#current = null;
  }

  #nextOf(current: Place): Buffer | null {
    // What was read counts only if the log was not rotated meanwhile. The size is asked first: a copy is named before its log is cut.
    const bytes = readAt(current.file, current.at, BLOCK);
    const size = sizeOf(current.file);
    const now = inodeAt(this.#path);
    if (now !== null && now !== current.file.ino) {
      if (bytes.length === 0) return this.#afterRename(current);
    } else if (inodeAt(this.#rotated(1)) !== this.#newestRotated && !this.#isOnlyCopied(current, size)) {
      return this.#afterCopy(current);
    } else if (size < current.at) {
      // Emptied, and kept nowhere.
      current.at = 0;
      return this.next();
    }
    current.at += bytes.length;
    return bytes.length === 0 ? null : bytes;
  }

  /** The log has another name now and is read to its end. What was rotated after it comes next. */
  #afterRename(current: Place): Buffer | null {
    const own = this.#indexOf(current.file.ino);
    const unseen = own ?? this.#indexOf(this.#newestRotated) ?? this.#countRotated() + 1;
    closeLog(current.file);
    this.#current = null;
    this.#queueRotated(unseen - 1, 0);
    this.#openCurrent(0);
    return this.next();
  }

  /** The log was copied and emptied: its rest is in the copy. */
  #afterCopy(current: Place): Buffer | null {
    const rotations = (this.#indexOf(this.#newestRotated) ?? this.#countRotated() + 1) - 1;
    this.#newestRotated = inodeAt(this.#rotated(1));
    current.at = this.#queueRotated(rotations, current.at);
    return this.next();
  }

  /** Queues `path.N` to `path.1`; the first from an offset. Returns how far into what follows them that offset leads. */
  #queueRotated(count: number, from: number): number {
    let at = from;
    for (let index = count; index >= 1; index -= 1) {
      const file = openLog(this.#rotated(index));
      if (file === null) continue;
      this.#older.push({ file, at });
      // A line that was not finished when its log was rotated was moved on to the next: what was shown of it is not shown again.
      at = Math.max(0, at - sizeOf(file));
    }
    return at;
  }

  /** True while the log still holds what its newest copy ends with: it was copied and not emptied yet. */
  #isOnlyCopied(current: Place, size: number): boolean {
    const copy = openLog(this.#rotated(1));
    if (copy === null) return true;
    const copied = sizeOf(copy);
    const from = Math.max(0, copied - COMPARED);
    const isSame = size >= copied && copied > 0 && readAt(copy, from, copied - from).equals(readAt(current.file, from, copied - from));
    closeLog(copy);
    return isSame;
  }

  #openCurrent(at: number): void {
    this.#newestRotated = inodeAt(this.#rotated(1));
    const file = openLog(this.#path);
    this.#current = file === null ? null : { file, at };
  }

  #beginOlder(lines: number): void {
    let missing = lines;
    for (let index = 1; missing > 0; index += 1) {
      const file = openLog(this.#rotated(index));
      if (file === null) return;
      const place = { file, at: 0 };
      missing -= this.#goBack(place, missing);
      this.#older.unshift(place);
    }
  }

  /** Puts a place where its last lines begin; returns how many there are. */
  #goBack(place: Place | null, lines: number): number {
    if (place === null) return 0;
    const { from, lines: found } = tailStart(place.file.fd, sizeOf(place.file), lines);
    place.at = from;
    return found;
  }

  #rotated(index: number): string {
    return `${this.#path}.${index}`;
  }

  /** Under which number a rotated log stands now. */
  #indexOf(ino: number | null): number | null {
    if (ino === null) return null;
    for (let index = 1; ; index += 1) {
      const found = inodeAt(this.#rotated(index));
      if (found === null) return null;
      if (found === ino) return index;
    }
  }

  #countRotated(): number {
    let count = 0;
    while (inodeAt(this.#rotated(count + 1)) !== null) count += 1;
    return count;
  }
}
