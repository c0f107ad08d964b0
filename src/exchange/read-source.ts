import { closeSync, constants, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { availableParallelism, userInfo } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { NotARegularFile, openRegular } from '../files/regular-file.ts';
import { systemWords } from '../text/system-messages.ts';
import type { ImportSource } from './import/source.ts';
import { exportsOf } from './module-exports.ts';

export interface SourceOptions {
  /** Whether a script may be run to learn what it exports. */
  readonly trust: boolean;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Refused {
  readonly code: 'unreadable' | 'untrusted';
  readonly message: string;
}

/** No config of any tool is larger. */
const MOST_MEGABYTES = 16;
const MOST_BYTES = MOST_MEGABYTES * 2 ** 20;
/** Pipes that the caller's shell has opened, as in `overseer import <(generate)`. */
const OPEN_ALREADY = /^\/(?:dev\/(?:stdin$|fd\/\d+$)|proc\/(?:self|\d+)\/fd\/\d+$)/;
const SCRIPTS: readonly string[] = ['.js', '.cjs', '.mjs', '.ts'];

/** A file that is to be imported, or why it cannot be. */
export function readSource(file: string, options: SourceOptions): ImportSource | Refused {
  const folder = dirname(file);
  const at = (name: string): string => resolve(folder, name);
  const bytes = bytesOf(file);
  if ('code' in bytes) return bytes;
  const isScript = SCRIPTS.includes(extname(file));
  if (isScript && !options.trust)
    return {
      code: 'untrusted',
      message: `${file} is a program, which overseer runs only if you trust it: --trust`,
    };
  const exported = isScript ? exportsOf(file) : null;
  if (exported !== null && !exported.ok) return { code: 'unreadable', message: exported.message };
  return {
    file,
    script: isScript ? textOf(bytes) : null,
    bytes,
    text: exported?.json ?? textOf(bytes),
    hasFile: (name) => existsSync(at(name)),
    other: (name) => textAt(at(name)),
    matching: (glob) => matching(at(glob)),
    env: () => textAt(at('.env')) ?? '',
    environment: options.environment,
    home: options.home,
    user: userInfo().username,
    cpus: availableParallelism(),
  };
}

/** Read piece by piece, since the size of a pipe is not known before. */
function bytesOf(file: string): Buffer | Refused {
  try {
    const descriptor = OPEN_ALREADY.test(file) ? openSync(file, 'r') : openRegular(file, constants.O_RDONLY);
    try {
      const pieces: Buffer[] = [];
      for (let size = 0; size <= MOST_BYTES;) {
        const piece = Buffer.alloc(2 ** 16);
        const count = readSync(descriptor, piece);
        if (count === 0) return Buffer.concat(pieces);
        pieces.push(piece.subarray(0, count));
        size += count;
      }
      return {
        code: 'unreadable',
        message: `${file} is larger than ${MOST_MEGABYTES} MiB, which no config is`,
      };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    const why = error instanceof NotARegularFile ? `it is a ${error.kind}` : systemWords(error as Error);
    return { code: 'unreadable', message: `cannot read ${file}: ${why}` };
  }
}

/** Editors of Windows begin a file with a mark of its encoding. */
const textOf = (bytes: Buffer): string => bytes.toString('utf8').replace(/^\uFEFF/, '');

function textAt(path: string): string | null {
  const bytes = bytesOf(path);
  // The caller decides what a missing file means.
  return 'code' in bytes ? null : textOf(bytes);
}

/** The files that a glob means, in name order. */
function matching(glob: string): readonly string[] {
  if (!/[*?[]/.test(glob)) return existsSync(glob) ? [glob] : [];
  const folder = dirname(glob);
  const matcher = new RegExp(
    `^${glob
      .slice(folder.length + (folder === '/' ? 0 : 1))
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replaceAll('[!', '[^')
      .replaceAll('*', '[^/]*')
      .replaceAll('?', '[^/]')}$`,
  );
  return matching(folder).flatMap((each) => namesIn(each, matcher));
}

function namesIn(folder: string, matcher: RegExp): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => matcher.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    // What cannot be listed holds nothing that is known.
    return [];
  }
}
