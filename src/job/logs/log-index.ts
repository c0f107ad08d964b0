import { logIndexOf } from '../../data-folder.ts';
import { constants, type Stats } from 'node:fs';
import { type FileCalls, realDisk } from '../../files/disk.ts';
import type { DaemonLog } from '../ports.ts';
import { readMarks, writeMark, type TimeMark } from '../../text/log-times.ts';
import { openOwn, readRegular } from '../../files/regular-file.ts';
import { isRefusal } from '../../os/system-error.ts';

/** At this length every second mark is dropped: about three hours of steady writing until the first time. */
const MOST_BYTES = 256 * 1024;
/** More than an index ever holds. */
const READ_MAX = 4 * MOST_BYTES;

const { O_APPEND, O_CREAT, O_TRUNC, O_WRONLY } = constants;

interface Known {
  size: number;
  bytes: number;
}

const TO_BEGIN_ANEW: Known = { size: Infinity, bytes: 0 };

/**
 * Keeps a file beside each log that records when the log had which size. So the times of lines are known
 * without changing the log.
 */
export class LogIndex {
  readonly #begunAt: number;
  readonly #log: DaemonLog;
  readonly #disk: FileCalls;
  readonly #known = new Map<string, Known>();
  #isTold = false;

  constructor(begunAt: number, log: DaemonLog, disk = realDisk) {
    this.#disk = disk;
    this.#begunAt = begunAt;
    this.#log = log;
  }

  /**
   * Records the size of a log and when its writer began. The time of the last write is more exact than the
   * time of the poll.
   */
  note(path: string, since: number, { size, mtimeMs, birthtimeMs }: Stats): void {
    const known = this.#known.get(path);
    if (known?.size === size) return;
    const isLate = known === undefined && since < this.#begunAt && birthtimeMs < this.#begunAt;
    this.#attempt(path, () => this.#mark(path, { at: Math.floor(mtimeMs), size, isLate }));
  }

  /** The job of this log is gone. */
  forget(path: string): void {
    this.#known.delete(path);
  }

  #mark(path: string, mark: TimeMark): void {
    const times = logIndexOf(path);
    const known = this.#known.get(path) ?? lastOf(times, this.#disk);
    const text = writeMark(mark);
    const isNew = known === null || mark.size < known.size;
    // Until the index is begun anew, no mark may follow those of the log before.
    if (isNew && known !== null) this.#known.set(path, TO_BEGIN_ANEW);
    // An empty log has no lines to date: many jobs never write any.
    if (known === null && mark.size === 0) return void this.#known.set(path, { size: 0, bytes: 0 });
    if (isNew) write(times, O_WRONLY | O_CREAT | O_TRUNC, text, this.#disk);
    else if (mark.size > known.size) write(times, O_WRONLY | O_CREAT | O_APPEND, text, this.#disk);
    const bytes = isNew ? text.length : known.bytes + text.length;
    this.#known.set(path, {
      size: mark.size,
      bytes: bytes > MOST_BYTES ? thinned(times, this.#disk) : bytes,
    });
  }

  #attempt(path: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // Logged once: a full disk refuses every index, at every poll.
      if (!this.#isTold) this.#log.line(`log: the times of ${path} cannot be kept: ${error.message}`);
      this.#isTold = true;
    }
  }
}

/**
 * The first bytes of a log are dropped, so its index counts from behind them. An index that cannot be
 * rewritten goes: the log is complete without it, and no time is better than a wrong one. False where it may
 * be wrong.
 */
export function dropTimesBefore(path: string, from: number, disk: FileCalls = realDisk): boolean {
  const times = logIndexOf(path);
  try {
    rewriteFrom(times, from, disk);
    return true;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    dropIndex(path, disk);
    return false;
  }
}

/** Removes an index that may be wrong, if that is possible. */
export function dropIndex(path: string, disk: FileCalls): void {
  try {
    disk.rmSync(logIndexOf(path), { force: true });
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}

function rewriteFrom(times: string, from: number, disk: FileCalls): void {
  if (from === 0) return;
  const marks = readMarks(readRegular(times, READ_MAX, disk).toString('latin1'));
  const left = marks.filter(({ size }) => size > from).map((mark) => ({ ...mark, size: mark.size - from }));
  write(`${times}.new`, O_WRONLY | O_CREAT | O_TRUNC, left.map(writeMark).join(''), disk);
  disk.renameSync(`${times}.new`, times);
}

function lastOf(times: string, disk: FileCalls): Known | null {
  try {
    const text = readRegular(times, READ_MAX, disk).toString('latin1');
    const last = readMarks(text).at(-1);
    return last === undefined ? null : { size: last.size, bytes: text.length };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Drops every second mark; returns how long the file is now. */
function thinned(times: string, disk: FileCalls): number {
  const marks = readMarks(readRegular(times, READ_MAX, disk).toString('latin1'));
  const isKept = (at: number): boolean => (marks.length - 1 - at) % 2 === 0;
  // When a mark is dropped, its statement about the time before passes to the next mark.
  const text = marks
    .map((mark, at) => ({
      ...mark,
      isLate: mark.isLate || (!isKept(at - 1) && marks[at - 1]?.isLate === true),
    }))
    .filter((_, at) => isKept(at))
    .map(writeMark)
    .join('');
  write(`${times}.new`, O_WRONLY | O_CREAT | O_TRUNC, text, disk);
  disk.renameSync(`${times}.new`, times);
  return text.length;
}

function write(path: string, flags: number, text: string, disk: FileCalls): void {
  const fd = openOwn(path, flags, undefined, disk);
  try {
    disk.writeSync(fd, text);
  } finally {
    disk.closeSync(fd);
  }
}
