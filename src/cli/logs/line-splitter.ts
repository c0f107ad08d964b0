import type { LineTime } from './line-times.ts';
import type { Chunk } from './log-tail.ts';

/** Limits, in bytes and in milliseconds, for holding back an unfinished line; then it counts as a line. */
const HELD = { bytes: 64 * 1024, ms: 1000 } as const;
const NEWLINE = 10;

/** One line of a job, without its newline. `time` reads the index of the log when it is called. */
export interface SplitLine {
  readonly name: string;
  readonly line: Buffer;
  readonly time: () => LineTime;
}

interface Held {
  readonly since: number;
  readonly bytes: Buffer;
  readonly time: () => LineTime;
}

/** Cuts what several jobs printed into lines, and holds the beginnings of those that have not ended. */
export class LineSplitter {
  readonly #held = new Map<string, Held>();

  /** Takes a chunk of one job's log and returns the lines that end in it. */
  push(name: string, { bytes, timeAt }: Chunk, now: number): readonly SplitLine[] {
    const held = this.#held.get(name);
    const all = held === undefined ? bytes : Buffer.concat([held.bytes, bytes]);
    const ahead = held?.bytes.length ?? 0;
    const timeOf = (from: number): (() => LineTime) =>
      from === 0 && held !== undefined ? held.time : () => timeAt(from - ahead);
    const lines: SplitLine[] = [];
    let from = 0;
    for (let end = all.indexOf(NEWLINE); end >= 0; end = all.indexOf(NEWLINE, from)) {
      lines.push({ name, line: all.subarray(from, end), time: timeOf(from) });
      from = end + 1;
    }
    const rest = all.subarray(from);
    if (rest.length > HELD.bytes) lines.push({ name, line: rest, time: timeOf(from) });
    if (rest.length === 0 || rest.length > HELD.bytes) this.#held.delete(name);
    else
      this.#held.set(name, {
        since: from === 0 ? (held?.since ?? now) : now,
        bytes: rest,
        time: timeOf(from),
      });
    return lines;
  }

  /** The beginnings of lines that have waited long enough for their ends; all of them at the end. */
  due(now: number): readonly SplitLine[] {
    const due = [...this.#held].filter(([, { since }]) => now - since >= HELD.ms);
    for (const [name] of due) this.#held.delete(name);
    return due.map(([name, { bytes, time }]) => ({ name, line: bytes, time }));
  }
}
