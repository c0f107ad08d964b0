import { logIndexOf } from '../../data-folder.ts';
import { fstatSync, type Stats } from 'node:fs';
import { readRegular } from '../../files/regular-file.ts';
import { readMarks, type TimeMark } from '../../text/log-times.ts';
import type { LogFile } from './log-file.ts';

/**
 * When a line was written, in milliseconds since 1970: within half a second where it is exact, else at that
 * time at the latest.
 */
export interface LineTime {
  readonly at: number;
  readonly isExact: boolean;
}

/** Output this soon after the last mark, or this recent, needs no mark of its own. */
const FRESH_MS = 1_000;

/** More than an index ever holds. */
const READ_MAX = 1024 * 1024;

/** When each part of a log was written, as far as the daemon has recorded it. The index is read on demand. */
export class LineTimes {
  readonly #path: string;
  readonly #file: LogFile;
  #marks: readonly TimeMark[] | null = null;
  /** The size of the log when reading began. */
  #sizeThen = 0;
  /** How the log was when it was closed; null while it is open. */
  #atLast: Stats | null = null;

  constructor(path: string, file: LogFile) {
    this.#path = path;
    this.#file = file;
  }

  /** The time of the line at an offset. */
  at(offset: number): LineTime {
    const marks = this.#read();
    const mark = marks[firstBeyond(marks, offset)];
    if (mark !== undefined) return { at: mark.at, isExact: !mark.isLate };
    const { mtimeMs } = this.#stats();
    const isFresh = mtimeMs - (marks.at(-1)?.at ?? -Infinity) <= FRESH_MS || Date.now() - mtimeMs <= FRESH_MS;
    return { at: Math.floor(mtimeMs), isExact: isFresh || offset >= this.#sizeThen };
  }

  /** Up to where everything was written before a time. */
  begin(since: number): number {
    const marks = this.#read();
    const older = marks.findLast(({ at }) => at < since)?.size ?? 0;
    const { size, mtimeMs } = this.#stats();
    return older === (marks.at(-1)?.size ?? 0) && mtimeMs < since ? size : older;
  }

  /** Call this before the log is closed: the times of its lines are asked for later. */
  keep(): void {
    this.#read();
    this.#atLast = this.#stats();
  }

  #stats(): Stats {
    return this.#atLast ?? fstatSync(this.#file.fd);
  }

  #read(): readonly TimeMark[] {
    if (this.#marks !== null) return this.#marks;
    this.#sizeThen = this.#stats().size;
    return (this.#marks = readMarks(textOf(logIndexOf(this.#path))));
  }
}

/** The first mark that was made when the log was longer than that. */
function firstBeyond(marks: readonly TimeMark[], offset: number): number {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.size ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

function textOf(path: string): string {
  try {
    return readRegular(path, READ_MAX).toString('latin1');
  } catch (error) {
    // No daemon has written an index for that log yet.
    if ((error as NodeJS.ErrnoException).code !== undefined) return '';
    throw error;
  }
}
