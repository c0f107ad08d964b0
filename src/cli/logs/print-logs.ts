import { join } from 'node:path';
import type { Clock } from '../../host/ports.ts';
import { LogTail } from './log-tail.ts';

const POLL_MS = 150;
/** How much of one log is read before it is another one's turn. */
const TURN_BLOCKS = 16;

export interface LogsWanted {
  readonly dir: string;
  readonly lines: number;
  /** Which instances to show now: one that is new is read from its beginning. */
  readonly names: () => readonly string[];
}

export interface LogsSink {
  /** Both resolve to false when the reader has left. */
  write(name: string, bytes: Buffer, now: number): Promise<boolean>;
  flush(now: number): Promise<boolean>;
}

/** Prints the last lines of each log, one log after the other. */
export async function printLogs({ dir, lines, names }: LogsWanted, sink: LogsSink): Promise<void> {
  for (const name of names()) {
    const tail = openTail(dir, name);
    tail.begin(lines);
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
  const tails = new Map<string, LogTail>();
  for (const name of wanted.names()) tails.set(name, openTail(wanted.dir, name));
  for (const tail of tails.values()) tail.begin(wanted.lines);
  let isRead = true;
  while (isRead && !interrupted.aborted) {
    for (const name of wanted.names()) if (!tails.has(name)) tails.set(name, openTail(wanted.dir, name));
    const now = clock.monotonic();
    for (const [name, tail] of tails) isRead &&= await pump(name, tail, sink, { blocks: TURN_BLOCKS, now });
    isRead &&= await sink.flush(now);
    if (isRead) await pause(clock, interrupted);
  }
  if (isRead) await sink.flush(Infinity);
  for (const tail of tails.values()) tail.end();
}

const openTail = (dir: string, name: string): LogTail => new LogTail(join(dir, `${name}.log`));

async function pump(
  name: string,
  tail: LogTail,
  sink: LogsSink,
  { blocks, now }: { readonly blocks: number; readonly now: number },
): Promise<boolean> {
  for (let read = 0; read < blocks; read += 1) {
    const bytes = tail.next();
    if (bytes === null) return true;
    if (!(await sink.write(name, bytes, now))) return false;
  }
  return true;
}

function pause(clock: Clock, interrupted: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(POLL_MS, done);
    function done(): void {
      timer.clear();
      interrupted.removeEventListener('abort', done);
      resolve();
    }
    interrupted.addEventListener('abort', done);
  });
}
