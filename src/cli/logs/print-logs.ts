import { logOf } from '../../data-folder.ts';
import type { Clock } from '../../host/clock.ts';
import { pause } from '../ask/pause.ts';
import { LogTail, type Chunk, type TailWanted } from './log-tail.ts';
import { mergedLines, type LineFilter } from './merged-lines.ts';

/** How much of one log is read before it is another one's turn. */
const TURN_BLOCKS = 16;

export interface LogsWanted {
  readonly dir: string;
  readonly tail: TailWanted;
  /** Which instances to show now: one that is new is read from its beginning. */
  readonly names: () => readonly string[];
  /**
   * Which lines to show of what is there already, and at most how many of each log; then `tail` is to ask for
   * all.
   */
  readonly filter?: { readonly isShown: LineFilter; readonly most: number };
}

export interface LogsSink {
  /** Both resolve to false when the reader has left. */
  write(name: string, chunk: Chunk, now: number): Promise<boolean>;
  flush(now: number): Promise<boolean>;
}

/** Prints the last lines of each log, by the time at which they were written. */
export async function printLogs(wanted: LogsWanted, sink: LogsSink): Promise<void> {
  const tails = new LogTails(wanted, sink);
  if (await tails.printLast(0)) await sink.flush(Infinity);
  tails.end();
}

/** The same, and then what is added to any of them, until it is interrupted or the reader leaves. */
export async function followLogs(
  wanted: LogsWanted,
  sink: LogsSink,
  { clock, interrupted }: { readonly clock: Clock; readonly interrupted: AbortSignal },
): Promise<void> {
  const tails = new LogTails(wanted, sink);
  let isRead = await tails.printLast(clock.monotonic());
  while (isRead && !interrupted.aborted) {
    isRead = await tails.print(clock.monotonic());
    if (isRead) await pause(clock, interrupted);
  }
  if (isRead) await sink.flush(Infinity);
  tails.end();
}

/** Several logs that are followed. */
export class LogTails {
  readonly #wanted: LogsWanted;
  readonly #sink: LogsSink;
  readonly #tails = new Map<string, LogTail>();

  constructor(wanted: LogsWanted, sink: LogsSink) {
    this.#wanted = wanted;
    this.#sink = sink;
    for (const name of wanted.names()) this.#open(name).begin(wanted.tail);
  }

  /** Prints what is there already; of several logs merged by time. False when the reader has left. */
  async printLast(now: number): Promise<boolean> {
    const { filter } = this.#wanted;
    const logs = [...this.#tails].map(([name, tail]) => ({ name, tail }));
    const [only] = logs;
    // As it is: one log alone may have no lines at all.
    if (only !== undefined && logs.length === 1 && filter === undefined)
      return pump(only.name, only.tail, this.#sink, { blocks: Infinity, now });
    for (const { name, chunk } of mergedLines(logs, filter?.isShown ?? null, filter?.most ?? Infinity))
      if (!(await this.#sink.write(name, chunk, now))) return false;
    return true;
  }

  /** Prints what was added to each, or to those that are named; false when the reader has left. */
  async print(now: number, names: readonly string[] = this.#wanted.names()): Promise<boolean> {
    for (const name of names) {
      const tail = this.#tails.get(name) ?? this.#open(name);
      tail.follow();
      if (!(await pump(name, tail, this.#sink, { blocks: TURN_BLOCKS, now }))) return false;
    }
    return this.#sink.flush(now);
  }

  end(): void {
    for (const tail of this.#tails.values()) tail.end();
  }

  #open(name: string): LogTail {
    const tail = openTail(this.#wanted.dir, name);
    this.#tails.set(name, tail);
    return tail;
  }
}

const openTail = (dir: string, name: string): LogTail => new LogTail(logOf(dir, name));

async function pump(
  name: string,
  tail: LogTail,
  sink: LogsSink,
  { blocks, now }: { readonly blocks: number; readonly now: number },
): Promise<boolean> {
  for (let read = 0; read < blocks; read += 1) {
    const chunk = tail.next();
    if (chunk === null) return true;
    if (!(await sink.write(name, chunk, now))) return false;
  }
  return true;
}
