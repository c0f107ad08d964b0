import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { type FileCalls, realDisk } from '../../files/disk.ts';
import { logIndexOf, rotatedLog } from '../../data-folder.ts';
import { isRefusal } from '../../os/system-error.ts';
import { dropTimesBefore } from './log-index.ts';

const { O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_TRUNC, O_WRONLY } = constants;

const BLOCK = 1024 * 1024;
/** A longer line is cut in two. */
const LINE_MAX = 64 * 1024;

export interface LogBounds {
  readonly keep: number;
  readonly maxBytes: number;
}

/** Where the newest `bytes` of a log begin, at the beginning of a line. */
export async function beginOfLast(log: FileHandle, bytes: number): Promise<number> {
  const { size } = await log.stat();
  if (size <= bytes) return 0;
  const from = size - bytes;
  const { buffer, bytesRead } = await log.read(Buffer.allocUnsafe(LINE_MAX), 0, LINE_MAX, from);
  // Without the end of a line this is where the bytes begin: rather half of a line than nothing.
  const begin = from + buffer.subarray(0, bytesRead).indexOf('\n') + 1;
  return begin >= size ? from : begin;
}

/**
 * Drops the rotated logs from a number on. The oldest goes first, so that one that the disk does not let go,
 * or a crash, leaves no gap. A rotation that was broken off may have left a number without a log among the
 * first `keep`.
 */
export function dropRotated(path: string, first: number, keep: number, disk: FileCalls): void {
  let at = first;
  while (at <= keep || disk.existsSync(rotatedLog(path, at))) at += 1;
  while (at > first) {
    at -= 1;
    // A log is complete without its index, and an index is nothing without its log.
    for (const file of [logIndexOf(rotatedLog(path, at)), rotatedLog(path, at)])
      disk.rmSync(file, { force: true });
  }
}

/**
 * Bounds what is on disk where a job wrote so fast that a rotated log is much longer than `maxBytes`. Each
 * counts for as many of `keep` as it is long. The oldest output is dropped, as it would be had the log been
 * rotated in time. Errors are ignored: the next rotation tries again.
 */
export async function boundRotated(
  path: string,
  { keep, maxBytes }: LogBounds,
  disk: FileCalls = realDisk,
): Promise<void> {
  try {
    let left = keep;
    let tooLong: { readonly file: string; readonly most: number } | null = null;
    let at = 1;
    for (; left > 0 && disk.existsSync(rotatedLog(path, at)); at += 1) {
      const file = rotatedLog(path, at);
      const needs = Math.max(1, Math.floor(disk.statSync(file).size / maxBytes));
      if (needs > left) tooLong = { file, most: left * maxBytes };
      left = Math.max(0, left - needs);
    }
    // What is older than the beginning of a log goes before that beginning does.
    dropRotated(path, at, keep, disk);
    if (tooLong !== null) await keepLast(tooLong.file, tooLong.most, disk);
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}

/** Drops all of a rotated log but its last bytes. */
async function keepLast(file: string, bytes: number, disk: FileCalls): Promise<void> {
  const log = await disk.promises.open(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  const rest = `${file}.new`;
  try {
    const from = await beginOfLast(log, bytes);
    const { mode } = await log.stat();
    disk.rmSync(rest, { force: true });
    const copy = await disk.promises.open(rest, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode & 0o777);
    try {
      const block = Buffer.allocUnsafe(BLOCK);
      for (let at = from, read = 1; read > 0; at += read) {
        read = (await log.read(block, 0, BLOCK, at)).bytesRead;
        await copy.appendFile(block.subarray(0, read));
      }
    } finally {
      await copy.close();
    }
    disk.renameSync(rest, file);
    dropTimesBefore(file, from, disk);
  } finally {
    await log.close();
    disk.rmSync(rest, { force: true });
  }
}
