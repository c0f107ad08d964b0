import { closeSync, constants, fstatSync, lstatSync, openSync, writeSync, type Stats } from 'node:fs';
import { kindOf } from './regular-file.ts';

const { O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;

export type OpenedFifo =
  | { readonly kind: 'open'; readonly fd: number }
  /** No process reads it, or there is none. */
  | { readonly kind: 'nobody' }
  /** Something else stands there, or the system refuses it; `why` is a clause. */
  | { readonly kind: 'refused'; readonly why: string };

/** Opens a FIFO of this user for writing, and never waits for a reader. The caller closes it. */
export function openFifo(path: string): OpenedFifo {
  try {
    // Checked before opening, because opening a device can have effects.
    const strange = strangeness(path, lstatSync(path));
    if (strange !== null) return { kind: 'refused', why: strange };
    const fd = openSync(path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW);
    // Something else may have replaced the file meanwhile.
    const since = strangeness(path, fstatSync(fd));
    if (since === null) return { kind: 'open', fd };
    closeSync(fd);
    return { kind: 'refused', why: since };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code === 'ENXIO' || code === 'ENOENT' ? { kind: 'nobody' } : { kind: 'refused', why: message };
  }
}

function strangeness(path: string, stats: Stats): string | null {
  if (!stats.isFIFO()) return `${path} is a ${kindOf(stats)}, not the pipe that overseer made: move it away`;
  return stats.uid === process.getuid?.() ? null : `${path} belongs to another user: move it away`;
}

/** How many of the bytes fit in, which may be none; null when nobody reads any more. */
export function writeSome(fd: number, bytes: Uint8Array): number | null {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN') return 0;
    if (code === 'EPIPE') return null;
    throw error;
  }
}
