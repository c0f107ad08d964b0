import { logOf } from '../../data-folder.ts';
import type { Clock } from '../../host/clock.ts';
import { pause } from '../ask/pause.ts';
import { LogTail, type Chunk, type TailWanted } from './log-tail.ts';

/** How much of one log is read before it is another one's turn. */
const TURN_BLOCKS = 16;

export interface LogsWanted {
  readonly dir: string;
  readonly tail: TailWanted;
  /** Which instances to show now: one that is new is read from its beginning. */
  readonly names: () => readonly string[];
}

export interface LogsSink {
  /** Both resolve to false when the reader has left. */
  write(name: string, chunk: Chunk, now: number): Promise<boolean>;
  flush(now: number): Promise<boolean>;
}

/** Prints the last lines of each log, one log after the other. */
export async function printLogs({ dir, tail: wanted, names }: LogsWanted, sink: LogsSink): Promise<void> {
  for (const name of names()) {
    const tail = openTail(dir, name);
    tail.begin(wanted);
    const isRead = await pump(name, tail, sink, { blocks: Infinity, now: 0 });
    tail.end();
    if (!isRead || !(await sink.flush(Infinity))) return;
  }
}

/** The same, and then what is added to any of them, until it is interrupted or the reader leaves. */
export async function followLogs(
  wanted: LogsWanted,
  sink: LogsSink,
  { clock, interrupted }: { readonly clock: Clock; readonly interrupted: AbortSignal },
): Promise<void> {
  const tails = new LogTails(wanted, sink);
  let isRead = true;
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

  /** Prints what was added to each, or to those that are named; false when the reader has left. */
  async print(now: number, names: readonly string[] = this.#wanted.names()): Promise<boolean> {
    for (const name of names) {
      const tail = this.#tails.get(name) ?? this.#open(name);
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
