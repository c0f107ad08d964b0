import { LiveLines } from './live-lines.ts';
import { changeOf, versionOf } from './record.ts';

/** The content of a journal file. */
export interface Reading {
  /** Null when the first line is missing or damaged. */
  readonly version: number | null;
  readonly live: LiveLines;
  /** Complete lines, and how many of them are damaged; a damaged first line counts. */
  readonly lines: number;
  readonly damaged: number;
  /**
   * Offset of the first byte after the last complete line. Anything behind it is a write that a crash cut
   * short.
   */
  readonly completeBytes: number;
}

const LINE_END = 0x0a;

/** Reads all that can be trusted; any damage costs only the lines that it touches. */
export function readJournal(bytes: Buffer): Reading {
  const live = new LiveLines();
  let version: number | null = null;
  let lines = 0;
  let damaged = 0;
  let from = 0;
  for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, from)) {
    const line = bytes.subarray(from, end);
    if (lines === 0) version = versionOf(line);
    const good = lines === 0 ? version !== null : apply(live, line);
    lines += 1;
    damaged += good ? 0 : 1;
    from = end + 1;
  }
  return { version, live, lines, damaged, completeBytes: from };
}

function apply(live: LiveLines, line: Buffer): boolean {
  const change = changeOf(line);
  if (change === null) return false;
  if (change.deleted) live.delete(change.key);
  else live.set(change.key, `${line.toString()}\n`);
  return true;
}
