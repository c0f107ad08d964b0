import { readSync } from 'node:fs';

const BLOCK = 64 * 1024;
/** A longer line shows only its end, so that one endless line does not mean reading the whole file. */
export const LINE_MAX = 1024 * 1024;
const NEWLINE = 10;

export interface TailStart {
  readonly from: number;
  /** The number of lines that begin at or after `from`, up to the wanted number. */
  readonly lines: number;
}

/**
 * Finds where the last lines of a file begin by reading backwards in blocks. A last line without newline
 * counts.
 */
export function tailStart(fd: number, size: number, wanted: number): TailStart {
  if (wanted <= 0 || size === 0) return { from: size, lines: 0 };
  if (wanted === Infinity) return { from: 0, lines: 0 };
  const block = Buffer.allocUnsafe(BLOCK);
  let begun = 0;
  let lineEnd = size;
  for (let at = size; at > 0;) {
    const from = Math.max(0, at - BLOCK);
    const held = block.subarray(0, readSync(fd, block, 0, at - from, from));
    for (
      let newline = held.lastIndexOf(NEWLINE);
      newline >= 0;
      newline = newline === 0 ? -1 : held.lastIndexOf(NEWLINE, newline - 1)
    ) {
      const start = from + newline + 1;
      // The newline at the very end begins no line.
      if (start === size) continue;
      begun += 1;
      lineEnd = start;
      if (begun === wanted) return { from: start, lines: begun };
    }
    if (lineEnd - from > LINE_MAX) return { from: lineEnd - LINE_MAX, lines: wanted };
    at = from;
  }
  return { from: 0, lines: begun + 1 };
}

/** The first line that begins at or after an offset; an endless line is cut there. */
export function lineAfter(fd: number, offset: number, size: number): number {
  if (offset <= 0 || offset >= size) return Math.max(0, Math.min(offset, size));
  const block = Buffer.allocUnsafe(BLOCK);
  // A newline just before it is one too.
  for (let at = offset - 1; at < Math.min(size, offset + LINE_MAX); at += BLOCK) {
    const newline = block.subarray(0, readSync(fd, block, 0, BLOCK, at)).indexOf(NEWLINE);
    if (newline >= 0) return Math.min(size, at + newline + 1);
  }
  return offset;
}
