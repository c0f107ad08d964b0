import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { type FileCalls, realDisk } from '../../files/disk.ts';
import { kindOf, NotARegularFile } from '../../files/regular-file.ts';
import type { Os } from '../../os/os.ts';
import { logIndexOf, rotatedLog, rotatingLog } from '../../data-folder.ts';
import { pauseGroup } from '../../os/pause-group.ts';
import { beginOfLast, boundRotated, dropRotated } from './bound-logs.ts';
import { dropIndex, dropTimesBefore } from './log-index.ts';
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
  /** The machine's own, unless all of this is simulated. */
  readonly disk?: FileCalls;
  readonly pause?: typeof pauseGroup;
}

export type Rotation =
  /** `bytes` left the log; the job stood still for `pausedMs`. */
  | { readonly ok: true; readonly bytes: number; readonly pausedMs: number }
  /**
   * The log is unchanged. `pause`: the job could not be paused this time. `overtaken`: another run has
   * begun, or perhaps none is left, or the log is another file now.
   */
  | { readonly ok: false; readonly reason: 'pause' | 'disk' | 'overtaken'; readonly message: string };

const BLOCK = 1024 * 1024;
/** The job is paused when this little is left to copy, or after this many attempts at a fast writer. */
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
  const { path, keep, disk = realDisk } = options;
  try {
    // Without O_CREAT: a missing log is not created.
    const log = await disk.promises.open(path, constants.O_RDWR | constants.O_APPEND | constants.O_NONBLOCK);
    try {
      const found = await log.stat();
      if (!found.isFile()) throw new NotARegularFile(path, kindOf(found));
      const { size } = found;
      if (keep === 0) {
        // The log is complete without its index, and wrong with that of what is dropped.
        disk.rmSync(logIndexOf(path), { force: true });
        disk.ftruncateSync(log.fd, 0);
      }
      return size === 0 || keep === 0
        ? { ok: true, bytes: size, pausedMs: 0 }
        : await rotate(log, options, os);
    } finally {
      await log.close();
      disk.rmSync(rotatingLog(path), { force: true });
      dropRotated(path, keep + 1, keep, disk);
    }
  } catch (error) {
    return refused(error, path);
  }
}

/**
 * Rotates a log that no process holds open, exactly and at once, by renaming it; the next to open it makes a
 * new one.
 */
export function rotateByRename(path: string, keep: number, disk: FileCalls = realDisk): Rotation {
  try {
    const bytes = disk.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    disk.rmSync(rotatingLog(path), { force: true });
    dropRotated(path, keep + 1, keep, disk);
    if (bytes > 0 && keep > 0) {
      shift(path, keep, disk);
      moveLog(path, rotatedLog(path, 1), disk);
    }
    if (keep === 0) for (const file of [path, logIndexOf(path)]) disk.rmSync(file, { force: true });
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
  readonly disk: FileCalls;
  /** The part of the log before this offset is not copied. */
  readonly begin: number;
}

async function rotate(log: FileHandle, options: RotateOptions, os: Pick<Os, 'later'>): Promise<Rotation> {
  const { path, disk = realDisk } = options;
  const bounds = { keep: options.keep, maxBytes: options.maxBytes ?? Infinity };
  disk.rmSync(rotatingLog(path), { force: true });
  const begin = await beginOfLast(log, bounds.keep * bounds.maxBytes);
  // All that is older than a part that is not copied goes first: otherwise there might be a gap.
  dropRotated(path, begin > 0 ? 1 : bounds.keep + 1, bounds.keep, disk);
  // If the file system can clone files, this copies nothing.
  if (begin === 0) await disk.promises.copyFile(path, rotatingLog(path), constants.COPYFILE_FICLONE);
  const made = begin === 0 ? 0 : constants.O_CREAT | constants.O_EXCL;
  const copy = await disk.promises.open(
    rotatingLog(path),
    constants.O_RDWR | constants.O_APPEND | made,
    0o600,
  );
  let rotation: Rotation;
  try {
    await copy.datasync();
    const copied = await catchUp({ log, copy, disk, begin }, begin + (await copy.stat()).size);
    rotation = await exchange({ log, copy, disk, begin }, copied, options, os);
  } finally {
    await copy.close();
  }
  if (!rotation.ok) return rotation;
  await boundRotated(path, bounds, disk);
  return rotation;
}

async function exchange(
  files: Files,
  copied: number,
  options: RotateOptions,
  os: Pick<Os, 'later'>,
): Promise<Rotation> {
  const { path, mode, pgid, isOurs = () => true, pause: pauseWith = pauseGroup } = options;
  const unpaused = async (): Promise<Rotation> =>
    rotation(await copyRest(files, copied), files, options, () => 0);
  if (mode === 'truncate' || pgid === null) return unpaused();
  const notOurs = `cannot rotate ${path}: process group ${pgid} is not certainly the job's`;
  // It has ended, or the system cannot be asked just now; then it may write on.
  if (!isOurs()) return { ok: false, reason: 'overtaken', message: notOurs };
  let wasOurs = true;
  const pause = await pauseWith({ pgid, os, isOurs: () => (wasOurs = isOurs()) });
  // A group that has ended writes no more; one that could not be asked may.
  if (pause.kind === 'gone')
    return wasOurs && isOurs() ? unpaused() : { ok: false, reason: 'overtaken', message: notOurs };
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
function isReplaced({ log, copy, disk }: Files, path: string): boolean {
  const inode = (file: string): number | undefined => disk.statSync(file, { throwIfNoEntry: false })?.ino;
  return (
    inode(path) !== disk.fstatSync(log.fd).ino || inode(rotatingLog(path)) !== disk.fstatSync(copy.fd).ino
  );
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
function moveOut({ log, copy, disk, begin }: Files, copied: number, path: string, keep: number): number {
  const block = Buffer.allocUnsafe(LINE_MAX);
  let at = copied;
  for (let read = 1; read > 0; at += read) {
    read = disk.readSync(log.fd, block, 0, block.length, at);
    writeWhole(copy.fd, block.subarray(0, read), disk);
  }
  shift(path, keep, disk);
  replaceLog(rotatingLog(path), rotatedLog(path, 1), disk);
  try {
    disk.ftruncateSync(log.fd, 0);
  } catch (error) {
    disk.renameSync(rotatedLog(path, 1), rotatingLog(path));
    throw error;
  }
  if (dropTimesBefore(path, begin, disk)) moveTimes(path, rotatedLog(path, 1), disk);
  return at;
}

/**
 * Moves the beginning of a line that is not finished yet back into the log, where its end will be; returns
 * its length.
 */
function giveBackPartialLine({ log, copy, disk }: Files): number {
  const { size } = disk.fstatSync(copy.fd);
  const block = Buffer.allocUnsafe(Math.min(LINE_MAX, size));
  const tail = block.subarray(0, disk.readSync(copy.fd, block, 0, block.length, size - block.length));
  const lineEnd = tail.lastIndexOf('\n');
  const partial = tail.subarray(lineEnd + 1);
  if (lineEnd < 0 || partial.length === 0) return 0;
  try {
    writeWhole(log.fd, partial, disk);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // Better a line cut in two than one twice.
    disk.ftruncateSync(log.fd, 0);
    return 0;
  }
  disk.ftruncateSync(copy.fd, size - partial.length);
  return partial.length;
}

function writeWhole(fd: number, bytes: Buffer, disk: FileCalls): void {
  for (let at = 0; at < bytes.length;) at += disk.writeSync(fd, bytes, at);
}

/**
 * Frees `path.1` by moving each older log one further, the oldest out; a gap that a crash left is filled
 * first.
 */
function shift(path: string, keep: number, disk: FileCalls): void {
  let free = 1;
  while (free < keep && disk.existsSync(rotatedLog(path, free))) free += 1;
  for (let at = free; at > 1; at -= 1) moveLog(rotatedLog(path, at - 1), rotatedLog(path, at), disk);
}

function moveLog(from: string, to: string, disk: FileCalls): void {
  replaceLog(from, to, disk);
  moveTimes(from, to, disk);
}

/** The index of what it replaces goes first: where that is refused, nothing has been moved yet. */
function replaceLog(from: string, to: string, disk: FileCalls): void {
  disk.rmSync(logIndexOf(to), { force: true });
  disk.renameSync(from, to);
}

/** Moves the index after its log, or drops it: the log is complete without it. */
function moveTimes(from: string, to: string, disk: FileCalls): void {
  try {
    if (disk.existsSync(logIndexOf(from))) disk.renameSync(logIndexOf(from), logIndexOf(to));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    dropIndex(from, disk);
  }
}
