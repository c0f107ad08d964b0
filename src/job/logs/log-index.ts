import { logIndexOf } from '../../data-folder.ts';
import { closeSync, constants, renameSync, writeSync, type Stats } from 'node:fs';
import type { DaemonLog } from '../ports.ts';
import { readMarks, writeMark, type TimeMark } from '../../text/log-times.ts';
import { openOwn, readRegular, sizeOfRegular } from '../../files/regular-file.ts';
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

/**
 * Keeps a file beside each log that records when the log had which size. So the times of lines are known
 * without changing the log.
 */
export class LogIndex {
  readonly #begunAt: number;
  readonly #log: DaemonLog;
  readonly #known = new Map<string, Known>();
  #isTold = false;

  constructor(begunAt: number, log: DaemonLog) {
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
    const known = this.#known.get(path) ?? lastOf(times);
    const text = writeMark(mark);
    const isNew = known === null || mark.size < known.size;
    // An empty log has no lines to date: many jobs never write any.
    if (known === null && mark.size === 0) return void this.#known.set(path, { size: 0, bytes: 0 });
    if (isNew) write(times, O_WRONLY | O_CREAT | O_TRUNC, text);
    else if (mark.size > known.size) write(times, O_WRONLY | O_CREAT | O_APPEND, text);
    const bytes = isNew ? text.length : known.bytes + text.length;
    this.#known.set(path, { size: mark.size, bytes: bytes > MOST_BYTES ? thinned(times) : bytes });
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

/** The first bytes of a log were dropped, so its index counts from behind them. */
export function dropTimesBefore(path: string, from: number): void {
  const times = logIndexOf(path);
  if (from === 0 || sizeOfRegular(times) === null) return;
  const marks = readMarks(readRegular(times, READ_MAX).toString('latin1'));
  const left = marks.filter(({ size }) => size > from).map((mark) => ({ ...mark, size: mark.size - from }));
  write(`${times}.new`, O_WRONLY | O_CREAT | O_TRUNC, left.map(writeMark).join(''));
  renameSync(`${times}.new`, times);
}

function lastOf(times: string): Known | null {
  try {
    const text = readRegular(times, READ_MAX).toString('latin1');
    const last = readMarks(text).at(-1);
    return last === undefined ? null : { size: last.size, bytes: text.length };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Drops every second mark; returns how long the file is now. */
function thinned(times: string): number {
  const marks = readMarks(readRegular(times, READ_MAX).toString('latin1'));
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
  write(`${times}.new`, O_WRONLY | O_CREAT | O_TRUNC, text);
  renameSync(`${times}.new`, times);
  return text.length;
}

function write(path: string, flags: number, text: string): void {
  const fd = openOwn(path, flags);
  try {
    writeSync(fd, text);
  } finally {
    closeSync(fd);
  }
}
