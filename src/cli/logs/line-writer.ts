import type { Output } from '../terminal/output.ts';
import type { LineTime } from './line-times.ts';
import { LineSplitter, type SplitLine } from './line-splitter.ts';
import type { Chunk } from './log-tail.ts';

/** Formats one line of a job, given without its newline. `time` is called only if the format shows times. */
export type LineFormat = (name: string, line: Buffer, time: () => LineTime) => string | Uint8Array;

/** Writes several logs to one reader in whole lines, so that lines are never mixed. */
export class LineWriter {
  readonly #out: Output;
  readonly #format: LineFormat;
  readonly #splitter = new LineSplitter();

  constructor(out: Output, format: LineFormat) {
    this.#out = out;
    this.#format = format;
  }

  /** False when the reader has left. */
  async write(name: string, chunk: Chunk, now: number): Promise<boolean> {
    return this.#print(this.#splitter.push(name, chunk, now));
  }

  /** Prints the beginnings of lines that have waited long enough for their ends; all of them at the end. */
  async flush(now: number): Promise<boolean> {
    return this.#print(this.#splitter.due(now));
  }

  #print(lines: readonly SplitLine[]): Promise<boolean> {
    const parts = lines.map(({ name, line, time }) => Buffer.from(this.#format(name, line, time)));
    return this.#out.write(Buffer.concat(parts));
  }
}
