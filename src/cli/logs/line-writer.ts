import type { Output } from '../terminal/output.ts';
import type { LineTime } from './line-times.ts';
import type { Chunk } from './log-tail.ts';

/** Formats one line of a job, given without its newline. `time` is called only if the format shows times. */
export type LineFormat = (name: string, line: Buffer, time: () => LineTime) => string | Uint8Array;

/**
 * A line that has not ended waits for the rest so long, in bytes and in milliseconds; then it is printed as
 * one.
 */
const HELD = { bytes: 64 * 1024, ms: 1000 } as const;
const NEWLINE = 10;

interface Held {
  readonly since: number;
  readonly bytes: Buffer;
  readonly time: () => LineTime;
}

/** Writes several logs to one reader in whole lines, so that lines are never mixed. */
export class LineWriter {
  readonly #out: Output;
  readonly #format: LineFormat;
  readonly #held = new Map<string, Held>();

  constructor(out: Output, format: LineFormat) {
    this.#out = out;
    this.#format = format;
  }

  /** False when the reader has left. */
  async write(name: string, { bytes, timeAt }: Chunk, now: number): Promise<boolean> {
    const held = this.#held.get(name);
    const all = held === undefined ? bytes : Buffer.concat([held.bytes, bytes]);
    const ahead = held?.bytes.length ?? 0;
    const timeOf = (from: number): (() => LineTime) =>
      from === 0 && held !== undefined ? held.time : () => timeAt(from - ahead);
    const parts: (string | Uint8Array)[] = [];
    let from = 0;
    for (let end = all.indexOf(NEWLINE); end >= 0; end = all.indexOf(NEWLINE, from)) {
      parts.push(this.#format(name, all.subarray(from, end), timeOf(from)));
      from = end + 1;
    }
    const rest = all.subarray(from);
    if (rest.length > HELD.bytes) parts.push(this.#format(name, rest, timeOf(from)));
    if (rest.length === 0 || rest.length > HELD.bytes) this.#held.delete(name);
    else
      this.#held.set(name, {
        since: from === 0 ? (held?.since ?? now) : now,
        bytes: rest,
        time: timeOf(from),
      });
    return this.#out.write(Buffer.concat(parts.map((part) => Buffer.from(part))));
  }

  /** Prints the beginnings of lines that have waited long enough for their ends; all of them at the end. */
  async flush(now: number): Promise<boolean> {
    const due = [...this.#held].filter(([, { since }]) => now - since >= HELD.ms);
    for (const [name] of due) this.#held.delete(name);
    return this.#out.write(
      Buffer.concat(due.map(([name, { bytes, time }]) => Buffer.from(this.#format(name, bytes, time)))),
    );
  }
}
