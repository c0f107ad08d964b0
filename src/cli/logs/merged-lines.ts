import type { LineTime } from './line-times.ts';
import type { Chunk, LogTail } from './log-tail.ts';

const NEWLINE = 10;

/** Which lines are shown; the rest is passed over. */
export type LineFilter = (line: Buffer, time: () => LineTime) => boolean;

/** A line of one log with its newline; without one what stands at its end. */
export interface LoggedLine {
  readonly name: string;
  readonly chunk: Chunk;
}

export interface LogOfJob {
  readonly name: string;
  readonly tail: LogTail;
}

/** The lines of several logs by the time at which they were written; those of one time log by log. */
export function* mergedLines(
  logs: readonly LogOfJob[],
  filter: LineFilter | null,
  most: number,
): Generator<LoggedLine> {
  const sources = logs.map(({ name, tail }) => {
    const lines = selected(linesOf(tail), filter, most);
    return { name, lines, next: withTime(lines.next()) };
  });
  for (;;) {
    const first = sources.reduce<(typeof sources)[number] | null>(
      (least, each) => (each.next !== null && (least?.next ?? null) === null ? each : earlier(least, each)),
      null,
    );
    if (first === null || first.next === null) return;
    yield { name: first.name, chunk: first.next.chunk };
    first.next = withTime(first.lines.next());
  }
}

interface Timed {
  readonly chunk: Chunk;
  readonly at: number;
}

function earlier<Source extends { readonly next: Timed | null }>(
  least: Source | null,
  each: Source,
): Source | null {
  if (least === null || least.next === null || each.next === null) return least;
  return each.next.at < least.next.at ? each : least;
}

const withTime = ({ done, value }: IteratorResult<Chunk, void>): Timed | null =>
  done === true || value === undefined ? null : { chunk: value, at: value.timeAt(0).at };

/** All of them, or of those that the filter lets through the last ones. */
function selected(
  lines: Generator<Chunk, void>,
  filter: LineFilter | null,
  most: number,
): Iterator<Chunk, void> {
  if (filter === null) return lines;
  const kept: Chunk[] = [];
  for (const line of lines) {
    if (!filter(withoutNewline(line.bytes), () => line.timeAt(0))) continue;
    kept.push(line);
    // Now and then: shifting moves all the others.
    if (kept.length > 2 * most + 1000) kept.splice(0, kept.length - most);
  }
  return kept.slice(most === Infinity ? 0 : Math.max(0, kept.length - most)).values();
}

function withoutNewline(bytes: Buffer): Buffer {
  return bytes.at(-1) === NEWLINE ? bytes.subarray(0, -1) : bytes;
}

/** A line that goes on in the next block is put together. */
function* linesOf(tail: LogTail): Generator<Chunk, void> {
  let rest: Chunk | null = null;
  for (let chunk = tail.next(); chunk !== null; chunk = tail.next()) {
    const all: Chunk = rest === null ? chunk : joined(rest, chunk);
    let from = 0;
    for (let end = all.bytes.indexOf(NEWLINE); end >= 0; end = all.bytes.indexOf(NEWLINE, from)) {
      yield part(all, from, end + 1);
      from = end + 1;
    }
    rest = from < all.bytes.length ? part(all, from, all.bytes.length) : null;
  }
  if (rest !== null) yield rest;
}

function part({ bytes, timeAt }: Chunk, from: number, to: number): Chunk {
  return { bytes: bytes.subarray(from, to), timeAt: (index) => timeAt(from + index) };
}

function joined(one: Chunk, other: Chunk): Chunk {
  const ahead = one.bytes.length;
  return {
    bytes: Buffer.concat([one.bytes, other.bytes]),
    timeAt: (index) => (index < ahead ? one.timeAt(index) : other.timeAt(index - ahead)),
  };
}
