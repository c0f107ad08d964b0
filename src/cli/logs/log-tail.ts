import { rotatedLog } from '../../data-folder.ts';
import { LastRead, KEPT } from './last-read.ts';
import { closeLog, idAt, inodeAt, openLog, readAt, sizeOf, type LogFile } from './log-file.ts';
import { LineTimes, type LineTime } from './line-times.ts';
import { lineAfter, tailStart } from './tail-start.ts';

const BLOCK = 64 * 1024;
/**
 * How much of the end of a copy is compared with the log, to tell a finished rotation from an unfinished
 * copy.
 */
const COMPARED = 4096;
/** After this many rotations during the search for the end of a log, reading begins where the log is then. */
const ATTEMPTS = 3;

/** A log that is being read, and how far. */
interface Place {
  readonly file: LogFile;
  times: LineTimes;
  at: number;
  /** Where reading ends before `follow`: a log that grows faster than it is read would never end. */
  end: number;
}

/** The log itself. It may be copied and emptied between two looks. */
interface Current extends Place {
  lastRead: LastRead;
}

/** Bytes of a log, and a function for the time of a line in them. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly timeAt: (index: number) => LineTime;
}

/** The wanted part of a log: the number of last lines, none older than a time in milliseconds since 1970. */
export interface TailWanted {
  readonly lines: number;
  readonly since: number;
}

/**
 * Reads the log of one job instance: its last lines, then everything that is added, across both kinds of
 * rotation. A renamed or copied log is read to its end before the new one begins, so that no output is lost
 * or repeated.
 */
export class LogTail {
  readonly #path: string;
  /** Rotated logs to finish first, oldest first. */
  readonly #older: Place[] = [];
  #current: Current | null = null;
  /** The id of `path.1` when the current log was last checked. */
  #newestRotated: string | null = null;
  #follows = true;

  constructor(path: string) {
    this.#path = path;
  }

  /** Seeks to the beginning of the wanted part, in a rotated log if necessary. */
  begin(wanted: TailWanted): void {
    this.#follows = false;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      this.end();
      this.#openCurrent(0);
      this.#beginOlder(this.#goBack(this.#current, wanted));
      if (this.#current !== null) rememberRead(this.#current);
      if (idAt(this.#rotated(1)) === this.#newestRotated) return;
    }
  }

  /** From now on `next` also returns what is added to the log. */
  follow(): void {
    this.#follows = true;
    if (this.#current !== null) this.#current.end = Infinity;
  }

  /** The next bytes; null when there are none at present. After `begin` only what was there then. */
  next(): Chunk | null {
    for (let older = this.#older[0]; older !== undefined; older = this.#older[0]) {
      const bytes = readAt(older.file, older.at, BLOCK);
      const chunk = chunkOf(bytes, older);
      older.at += bytes.length;
      if (chunk !== null) return chunk;
      finish(older);
      this.#older.shift();
    }
    if (this.#current === null && this.#follows) this.#openCurrent(0);
    return this.#current === null || this.#current.at >= this.#current.end
      ? null
      : this.#nextOf(this.#current);
  }

  end(): void {
    for (const { file } of this.#older.splice(0)) closeLog(file);
    if (this.#current !== null) closeLog(this.#current.file);
    this.#current = null;
  }

  #nextOf(current: Current): Chunk | null {
    // Bytes count only if the log was not rotated while they were read. The size is checked first, because a
    // copy gets its name before the log is truncated.
    const { bytes: before } = current.lastRead;
    const wanted = Math.min(BLOCK, current.end - current.at);
    const read = readAt(current.file, current.at - before.length, before.length + wanted);
    const bytes = read.subarray(before.length);
    const size = sizeOf(current.file);
    const now = inodeAt(this.#path);
    if (now !== null && now !== current.file.ino) {
      if (bytes.length === 0) return this.#afterRename(current);
    } else if (idAt(this.#rotated(1)) !== this.#newestRotated && !this.#isOnlyCopied(current, size)) {
      return this.#afterCopy(current);
    } else if (size < current.at || !read.subarray(0, before.length).equals(before)) {
      // Emptied, and kept nowhere.
      current.at = 0;
      current.lastRead = new LastRead();
      return this.next();
    }
    const chunk = chunkOf(bytes, current);
    current.at += bytes.length;
    current.lastRead.push(bytes);
    return chunk;
  }

  /** The log was renamed and is read to its end. Continues with the next newer one. */
  #afterRename(current: Current): Chunk | null {
    const own = this.#indexOf(current.file.ino, inodeAt);
    const { index, at } = own === null ? this.#copyOf(current) : { index: own - 1, at: 0 };
    finish(current);
    this.#queueRotated(index, at, current.lastRead);
    this.#openCurrent(0);
    return this.next();
  }

  /** The log was copied and emptied: its rest is in the copy. */
  #afterCopy(current: Current): Chunk | null {
    const { index, at } = this.#copyOf(current);
    this.#newestRotated = idAt(this.#rotated(1));
    const missing = this.#queueRotated(index, at, current.lastRead);
    current.at = missing === 0 ? 0 : current.lastRead.skippedIn(current.file, missing);
    current.lastRead = new LastRead();
    current.times = new LineTimes(this.#path, current.file);
    return this.next();
  }

  /**
   * The number of the rotated log that has the contents of the log, and how far it has been read. A rotation
   * may have dropped the beginning of it or, of an older log, written the rest to a new file.
   */
  #copyOf({ lastRead, at }: Current): { readonly index: number; readonly at: number } {
    const placeIn = (index: number): number | null => {
      const copy = openLog(this.#rotated(index));
      if (copy === null) return null;
      const place = lastRead.placeIn(copy, at);
      closeLog(copy);
      return place;
    };
    const known = this.#indexOf(this.#newestRotated, idAt);
    const index = known === null ? this.#countRotated() : known - 1;
    if (known === null && this.#newestRotated !== null)
      for (let newer = 1; newer < index; newer += 1) {
        const place = placeIn(newer);
        if (place !== null) return { index: newer, at: place };
      }
    return { index, at: placeIn(index) ?? 0 };
  }

  /**
   * Queues `path.N` to `path.1`; the first from an offset. Returns how many of the bytes that were read the
   * last of them is too short for.
   */
  #queueRotated(count: number, from: number, lastRead: LastRead): number {
    let at = from;
    let missing = 0;
    for (let index = count; index >= 1; index -= 1) {
      const file = openLog(this.#rotated(index));
      if (file === null) continue;
      // Rotation moves an unfinished line to the next log, so its printed part is skipped there.
      if (index < count) at = missing === 0 ? 0 : lastRead.skippedIn(file, missing);
      this.#older.push({ file, at, end: Infinity, times: new LineTimes(this.#rotated(index), file) });
      missing = Math.max(0, at - sizeOf(file));
    }
    return missing;
  }

  /** True while the log still holds what its newest copy ends with: it was copied and not emptied yet. */
  #isOnlyCopied(current: Place, size: number): boolean {
    const copy = openLog(this.#rotated(1));
    if (copy === null) return true;
    const copied = sizeOf(copy);
    const from = Math.max(0, copied - COMPARED);
    const isSame =
      size >= copied &&
      copied > 0 &&
      readAt(copy, from, copied - from).equals(readAt(current.file, from, copied - from));
    closeLog(copy);
    return isSame;
  }

  #openCurrent(at: number): void {
    this.#newestRotated = idAt(this.#rotated(1));
    const file = openLog(this.#path);
    if (file === null) this.#current = null;
    else {
      const end = this.#follows ? Infinity : sizeOf(file);
      const times = new LineTimes(this.#path, file);
      this.#current = { file, at, end, times, lastRead: new LastRead() };
    }
  }

  #beginOlder(wanted: TailWanted): void {
    let missing = wanted;
    for (let index = 1; missing.lines > 0; index += 1) {
      const file = openLog(this.#rotated(index));
      if (file === null) return;
      const place = { file, at: 0, end: Infinity, times: new LineTimes(this.#rotated(index), file) };
      missing = this.#goBack(place, missing);
      this.#older.unshift(place);
    }
  }

  /** Seeks within one log; returns how much is still wanted of the log before it. */
  #goBack(place: Place | null, { lines, since }: TailWanted): TailWanted {
    if (place === null) return { lines, since };
    const size = sizeOf(place.file);
    const tail = tailStart(place.file.fd, size, lines);
    const recent = since === -Infinity ? 0 : lineAfter(place.file.fd, place.times.begin(since), size);
    place.at = Math.max(tail.from, recent);
    return { lines: recent > 0 ? 0 : lines - tail.lines, since };
  }

  #rotated(index: number): string {
    return rotatedLog(this.#path, index);
  }

  /** The present number of a rotated log. */
  #indexOf<Id>(id: Id | null, idOf: (path: string) => Id | null): number | null {
    if (id === null) return null;
    for (let index = 1; ; index += 1) {
      const found = idOf(this.#rotated(index));
      if (found === null) return null;
      if (found === id) return index;
    }
  }

  #countRotated(): number {
    let count = 0;
    while (inodeAt(this.#rotated(count + 1)) !== null) count += 1;
    return count;
  }
}

/** The part of the log before the wanted one counts as read. */
function rememberRead({ file, at, lastRead }: Current): void {
  const from = Math.max(0, at - KEPT);
  lastRead.push(readAt(file, from, at - from));
}

/** Closes a log that has been read to its end; its last line may still be waited for. */
function finish({ file, times }: Place): void {
  times.keep();
  closeLog(file);
}

function chunkOf(bytes: Buffer, { times, at }: Place): Chunk | null {
  return bytes.length === 0 ? null : { bytes, timeAt: (index) => times.at(at + index) };
}
