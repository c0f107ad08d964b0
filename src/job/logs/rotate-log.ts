import {
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { copyFile, open, type FileHandle } from 'node:fs/promises';
import { kindOf, NotARegularFile } from '../../files/regular-file.ts';
import type { Os } from '../../os/os.ts';
import { logIndexOf, rotatedLog, rotatingLog } from '../../data-folder.ts';
import { pauseGroup } from '../../os/pause-group.ts';
import { beginOfLast, boundRotated } from './bound-logs.ts';
import { dropTimesBefore } from './log-index.ts';
import { CannotAsk, isRefusal } from '../../os/system-error.ts';
import { thisOs } from '../../os/this-os.ts';

export interface RotateOptions {
  readonly path: string;
  /** How many older logs are kept, `path.1` being the newest. With 0 old output is dropped. */
  readonly keep: number;
  /** The length that a log should have; what is longer than all older logs together may be is not copied. */
  readonly maxBytes?: number;
  /** `truncate` does not pause: output between the last read and the truncation is lost. */
  readonly mode: 'pause' | 'truncate';
  /** The process group that writes; null when there is none to pause. */
  readonly pgid: number | null;
  /**
   * Checked right before each signal: copying takes seconds, and the group's number may belong to another job
   * by then.
   */
  readonly isOurs?: () => boolean;
  /**
   * Whether another run writes to the log by now: it is not paused, so the log is left to the next rotation.
   */
  readonly isOvertaken?: () => boolean;
}

export type Rotation =
  /** `bytes` left the log; the job stood still for `pausedMs`. */
  | { readonly ok: true; readonly bytes: number; readonly pausedMs: number }
  /**
   * The log is unchanged. `pause`: the job could not be paused this time. `overtaken`: another run has begun,
   * or the log is another file now.
   */
  | { readonly ok: false; readonly reason: 'pause' | 'disk' | 'overtaken'; readonly message: string };

const BLOCK = 1024 * 1024;
/** The job is paused once so little is left to copy, or after so many attempts at a fast writer. */
const SMALL_REST = 256 * 1024;
const CATCH_UP_MAX = 4;
/** A line that is longer may be cut in two between `path.1` and the log. */
const LINE_MAX = 64 * 1024;

/**
 * Rotates a log that a job holds open with O_APPEND: copies it, truncates it. The bulk is copied while the
 * job runs, the rest while its process group is paused, so that nothing is lost; only processes that left the
 * group write on. A caller that is killed on the way leaves the job running and loses nothing: until the copy
 * is complete it is `path.rotating`, and the log is whole; between naming it `path.1` and the truncation,
 * both hold the same bytes (two calls no system makes as one, and a copy left over cannot be told from a log
 * of equal lines). One rotation a path at a time.
 */
export async function rotateLog(options: RotateOptions, os: Pick<Os, 'later'> = thisOs()): Promise<Rotation> {
  const { path, keep } = options;
  try {
    // Without O_CREAT: a missing log is not created.
    const log = await open(path, constants.O_RDWR | constants.O_APPEND | constants.O_NONBLOCK);
    try {
      const found = await log.stat();
      if (!found.isFile()) throw new NotARegularFile(path, kindOf(found));
      const { size } = found;
      if (keep === 0) {
        ftruncateSync(log.fd, 0);
        rmSync(logIndexOf(path), { force: true });
      }
      return size === 0 || keep === 0
        ? { ok: true, bytes: size, pausedMs: 0 }
        : await rotate(log, options, os);
    } finally {
      await log.close();
      rmSync(rotatingLog(path), { force: true });
      dropBeyond(path, keep);
    }
  } catch (error) {
    return refused(error, path);
  }
}

/**
 * Rotates a log that no process holds open, exactly and at once, by renaming it; the next to open it makes a
 * new one.
 */
export function rotateByRename(path: string, keep: number): Rotation {
  try {
    const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    rmSync(rotatingLog(path), { force: true });
    if (bytes > 0 && keep > 0) {
      shift(path, keep);
      renameSync(path, rotatedLog(path, 1));
      moveTimes(path, rotatedLog(path, 1));
    }
    if (keep === 0) for (const file of [path, logIndexOf(path)]) rmSync(file, { force: true });
    dropBeyond(path, keep);
    return { ok: true, bytes, pausedMs: 0 };
  } catch (error) {
    return refused(error, path);
  }
}

function refused(error: unknown, path: string): Rotation {
  if (!isRefusal(error)) throw error;
  const reason = error instanceof CannotAsk ? 'pause' : 'disk';
  return { ok: false, reason, message: `cannot rotate ${path}: ${error.message}` };
}

interface Files {
  readonly log: FileHandle;
  readonly copy: FileHandle;
}

async function rotate(log: FileHandle, options: RotateOptions, os: Pick<Os, 'later'>): Promise<Rotation> {
  const { path } = options;
  const bounds = { keep: options.keep, maxBytes: options.maxBytes ?? Infinity };
  rmSync(rotatingLog(path), { force: true });
  const begin = await beginOfLast(log, bounds.keep * bounds.maxBytes);
  // A clone where the file system can.
  if (begin === 0) await copyFile(path, rotatingLog(path), constants.COPYFILE_FICLONE);
  const made = begin === 0 ? 0 : constants.O_CREAT | constants.O_EXCL;
  const copy = await open(rotatingLog(path), constants.O_RDWR | constants.O_APPEND | made, 0o600);
  let rotation: Rotation;
  try {
    await copy.datasync();
    const copied = await catchUp({ log, copy }, begin + (await copy.stat()).size);
    rotation = await exchange({ log, copy }, copied, options, os);
  } finally {
    await copy.close();
  }
  if (!rotation.ok) return rotation;
  dropTimesBefore(rotatedLog(path, 1), begin);
  await boundRotated(path, bounds);
  return rotation;
}

async function exchange(
  files: Files,
  copied: number,
  options: RotateOptions,
  os: Pick<Os, 'later'>,
): Promise<Rotation> {
  const { path, mode, pgid, isOurs = () => true } = options;
  const unpaused = async (): Promise<Rotation> =>
    rotation(await copyRest(files, copied), files, options, () => 0);
  // A process that has ended writes no more.
  if (mode === 'truncate' || pgid === null || !isOurs()) return unpaused();
  const pause = await pauseGroup({ pgid, os, isOurs });
  if (pause.kind === 'gone') return unpaused();
  if (pause.kind === 'refused')
    return { ok: false, reason: 'pause', message: `cannot rotate ${path}: ${pause.message}` };
  let paused: Rotation;
  try {
    paused = rotation(await copyRest(files, copied), files, options, giveBackPartialLine);
  } finally {
    await pause.resume();
  }
  return paused.ok ? { ...paused, pausedMs: performance.now() - pause.since } : paused;
}

/** From here on control is not given back to the event loop. */
function rotation(
  copied: number,
  files: Files,
  options: RotateOptions,
  giveBack: (files: Files) => number,
): Rotation {
  const { path, keep } = options;
  if (options.isOvertaken?.() === true || isReplaced(files, path))
    return { ok: false, reason: 'overtaken', message: `cannot rotate ${path}: another run writes to it now` };
  const bytes = moveOut(files, copied, path, keep);
  return { ok: true, bytes: bytes - giveBack(files), pausedMs: 0 };
}

/** The start of another run renames a long log, and drops what another rotation has copied. */
function isReplaced({ log, copy }: Files, path: string): boolean {
  const inode = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.ino;
  return inode(path) !== fstatSync(log.fd).ino || inode(rotatingLog(path)) !== fstatSync(copy.fd).ino;
}

/** Copies until little is left; returns how far into the log it came. */
async function catchUp(files: Files, copied: number): Promise<number> {
  let at = copied;
  for (let round = 0; round < CATCH_UP_MAX; round += 1) {
    const from = at;
    at = await copyRest(files, from);
    if (at - from < SMALL_REST) break;
  }
  return at;
}

/** Copies what the log holds beyond `copied` when this begins; returns how far into the log it came. */
async function copyRest({ log, copy }: Files, copied: number): Promise<number> {
  const { size } = await log.stat();
  // If the log shrank, another program has truncated it and all of its content is new.
  let at = size < copied ? 0 : copied;
  const block = Buffer.allocUnsafe(Math.min(BLOCK, size - at));
  while (at < size) {
    const { bytesRead } = await log.read(block, 0, Math.min(BLOCK, size - at), at);
    if (bytesRead === 0) break;
    await copy.appendFile(block.subarray(0, bytesRead));
    at += bytesRead;
  }
  return at;
}

/** Renames the copy to `path.1` and empties the log without giving control back to the event loop. */
function moveOut({ log, copy }: Files, copied: number, path: string, keep: number): number {
  const block = Buffer.allocUnsafe(LINE_MAX);
  let at = copied;
  for (let read = 1; read > 0; at += read) {
    read = readSync(log.fd, block, 0, block.length, at);
    writeWhole(copy.fd, block.subarray(0, read));
  }
  shift(path, keep);
  renameSync(rotatingLog(path), rotatedLog(path, 1));
  try {
    ftruncateSync(log.fd, 0);
  } catch (error) {
    renameSync(rotatedLog(path, 1), rotatingLog(path));
    throw error;
  }
  moveTimes(path, rotatedLog(path, 1));
  return at;
}

/**
 * Moves the beginning of a line that is not finished yet back into the log, where its end will be; returns
 * its length.
 */
function giveBackPartialLine({ log, copy }: Files): number {
  const { size } = fstatSync(copy.fd);
  const block = Buffer.allocUnsafe(Math.min(LINE_MAX, size));
  const tail = block.subarray(0, readSync(copy.fd, block, 0, block.length, size - block.length));
  const lineEnd = tail.lastIndexOf('\n');
  const partial = tail.subarray(lineEnd + 1);
  if (lineEnd < 0 || partial.length === 0) return 0;
  try {
    writeWhole(log.fd, partial);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // Better a line cut in two than one twice.
    ftruncateSync(log.fd, 0);
    return 0;
  }
  ftruncateSync(copy.fd, size - partial.length);
  return partial.length;
}

function writeWhole(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}

/**
 * Frees `path.1` by moving each older log one further, the oldest out; a gap that a crash left is filled
 * first.
 */
function shift(path: string, keep: number): void {
  let free = 1;
  while (free < keep && existsSync(rotatedLog(path, free))) free += 1;
  for (let at = free; at > 1; at -= 1) {
    renameSync(rotatedLog(path, at - 1), rotatedLog(path, at));
    moveTimes(rotatedLog(path, at - 1), rotatedLog(path, at));
  }
}

function dropBeyond(path: string, keep: number): void {
  for (let at = keep + 1; existsSync(rotatedLog(path, at)); at += 1)
    for (const file of [rotatedLog(path, at), logIndexOf(rotatedLog(path, at))])
      rmSync(file, { force: true });
}

/** Moves the index along with its log. The log is complete without it, so errors are ignored. */
function moveTimes(from: string, to: string): void {
  try {
    rmSync(logIndexOf(to), { force: true });
    if (existsSync(logIndexOf(from))) renameSync(logIndexOf(from), logIndexOf(to));
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}
