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
    const wanted = namesIn(dir).filter((name) => name.endsWith('.toml') && !name.startsWith('.'));
    return parsed(wanted.toSorted().map((name) => join(dir, name)));
  });
}

/** The bytes of a regular file, also through a link. Never blocks, as opening a FIFO would. */
export function readBytes(file: string, maxBytes: number): Parsed<Buffer> {
  return attempt(() => {
    const kind = kindOf(statSync(file));
    if (kind !== 'file') return refused(`cannot be read: expected a regular file, found a ${kind}`);
    const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      // Another file may have taken the name meanwhile.
      const opened = kindOf(fstatSync(fd));
      return opened === 'file' ? readAll(fd, maxBytes) : refused(`cannot be read: it became a ${opened}`);
    } finally {
      closeSync(fd);
    }
  });
}

/** Reads to the end without trusting the size: files in /proc report 0. */
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

/** Whether a path is a file, or a link to one. A path that cannot be checked is none. */
export function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}

/** The size of the folder itself, which grows with the number of its entries; 0 where it cannot be read. */
export function folderBytes(dir: string): number {
  const size = attempt(() => parsed(statSync(dir, { throwIfNoEntry: false })?.size ?? 0));
  return size.ok ? size.value : 0;
}

/** Empty for a missing folder; one below a file is no missing one, which not every version of Node tells. */
function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return [];
    throw error;
  }
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
