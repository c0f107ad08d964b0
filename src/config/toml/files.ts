import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  readdirSync,
  statSync,
  type Stats,
} from 'node:fs';
import { join } from 'node:path';
import { systemWords } from '../../text/system-messages.ts';
import { parsed, refused, type Parsed } from '../result.ts';

const CHUNK_BYTES = 64 * 1024;

/**
 * Every `*.toml` directly in the folder, in name order, hidden ones (an editor's `.#web.toml`) left out.
 * A missing folder holds none.
 */
export function listConfigFiles(dir: string): Parsed<readonly string[]> {
  return attempt(() => {
    const names = exists(dir) ? readdirSync(dir) : [];
    const wanted = names.filter((name) => name.endsWith('.toml') && !name.startsWith('.'));
    return parsed(wanted.toSorted().map((name) => join(dir, name)));
  });
}

/** The bytes of a regular file (or of one that a link leads to). Never waits, as a FIFO's reader would. */
export function readBytes(file: string, maxBytes: number): Parsed<Buffer> {
  return attempt(() => {
    const kind = kindOf(statSync(file));
    if (kind !== 'file') return refused(`cannot be read: expected a regular file, found a ${kind}`);
    const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      // Another file may have taken the name since.
      const opened = kindOf(fstatSync(fd));
      return opened === 'file' ? readAll(fd, maxBytes) : refused(`cannot be read: it became a ${opened}`);
    } finally {
      closeSync(fd);
    }
  });
}

/** Reads to the end whatever size the system claims: files in /proc say 0. */
function readAll(fd: number, maxBytes: number): Parsed<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const length = readSync(fd, chunk);
    if (length === 0) return parsed(Buffer.concat(chunks, total));
    chunks.push(chunk.subarray(0, length));
    total += length;
    if (total > maxBytes) return refused(`is too large: at most ${maxBytes / 2 ** 20} MiB are read`);
  }
}

/** Whether a file stands there, or what a link leads to is one. What cannot be looked at is none. */
export function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}

/** How large the folder itself is, which grows with the number of its names; 0 where it cannot be looked at. */
export function folderBytes(dir: string): number {
  const size = attempt(() => parsed(statSync(dir, { throwIfNoEntry: false })?.size ?? 0));
  return size.ok ? size.value : 0;
}

function exists(dir: string): boolean {
  return statSync(dir, { throwIfNoEntry: false }) !== undefined;
}

function kindOf(stats: Stats): string {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isFIFO()) return 'FIFO';
  return stats.isSocket() ? 'socket' : 'device';
}

/** The system's refusals become values; anything else is our own mistake and passes. */
function attempt<T>(act: () => Parsed<T>): Parsed<T> {
  try {
    return act();
  } catch (error) {
    if (isSystemError(error)) return refused(`cannot be read: ${systemWords(error)}`);
    throw error;
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'code' in error;
}
