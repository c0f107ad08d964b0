import { closeSync, constants, readSync, statSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { connect, Socket } from 'node:net';
import { createContext, Script } from 'node:vm';
import { kindOfLog } from '../../files/open-log-file.ts';
import { openRegular } from '../../files/regular-file.ts';
import type { ProbeDone, Probes } from '../ports.ts';

/** How long one regular expression may block the daemon. */
const MATCH_LIMIT_MS = 50;

/** HTTP statuses that count as ready. A redirect is one of them and is not followed. */
const READY_STATUS = { from: 200, below: 400 } as const;

/** Probes of this machine. */
export const realProbes: Probes = {
  connect: tryConnect,
  request: tryRequest,
  logSize,
  logId,
  logKind,
  readLog,
  match,
};

function tryConnect(to: { readonly host: string; readonly port: number }, done: ProbeDone): { end(): void } {
  const begun = begin(() => connect(to));
  if (!(begun instanceof Socket)) {
    const later = setImmediate(done, begun.failure);
    return { end: () => clearImmediate(later) };
  }
  const socket = begun;
  const finish = (failure: string | null): void => {
    socket.destroy();
    done(failure);
  };
  socket.once('connect', () => finish(null));
  socket.on('error', (error) => finish(errorText(error)));
  return {
    end: () =>
      socket.removeAllListeners('connect').removeAllListeners('error').on('error', ignored).destroy(),
  };
}

/** A host or URL that the system's libraries refuse outright fails that one try. */
function begin<T>(act: () => T): T | { readonly failure: string } {
  try {
    return act();
  } catch (error) {
    return { failure: errorText(error as Error) };
  }
}

/** The modules are loaded when the first job needs them: most daemons never do. */
function tryRequest(url: string, done: ProbeDone): { end(): void } {
  let end = (): void => undefined;
  let isOver = false;
  const finish = (failure: string | null): void => {
    if (isOver) return;
    isOver = true;
    end();
    done(failure);
  };
  void (url.startsWith('https:') ? import('node:https') : import('node:http'))
    .then(({ get }) => {
      if (isOver) return;
      // Whether it answers is the question, not who it is: a certificate of one's own is enough.
      const request = get(
        url,
        { agent: false, rejectUnauthorized: false, headers: { 'user-agent': 'overseer' } },
        (answer) => finish(statusError(answer)),
      );
      request.on('error', (error) => finish(errorText(error)));
      end = () => request.destroy();
    })
    .catch((error: unknown) => finish(errorText(error as Error)));
  return {
    end: () => {
      isOver = true;
      end();
    },
  };
}

function statusError({ statusCode = 0 }: IncomingMessage): string | null {
  return statusCode >= READY_STATUS.from && statusCode < READY_STATUS.below ? null : `answered ${statusCode}`;
}

function logSize(path: string): number {
  return orNothing(0, () => statSync(path).size);
}

function logId(path: string): string {
  return orNothing('', () => {
    const found = statSync(path, { throwIfNoEntry: false });
    // The inode number alone is not enough: it may be given to another file when this one is removed.
    return found === undefined ? '' : `${found.ino} ${found.mtimeMs}`;
  });
}

function logKind(path: string): string | null {
  return orNothing<string | null>('file', () => kindOfLog(path));
}

function readLog(path: string, from: number, limit: number): Uint8Array {
  return orNothing(new Uint8Array(), () => {
    const fd = openRegular(path, constants.O_RDONLY);
    try {
      const block = Buffer.allocUnsafe(limit);
      return block.subarray(0, readSync(fd, block, 0, limit, from));
    } finally {
      closeSync(fd);
    }
  });
}

/** Without a log, or a free descriptor, there is nothing to read just now; the next look may find more. */
function orNothing<T>(nothing: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === 'string') return nothing;
    throw error;
  }
}

const looking = new Script(
  '((expression) => lines.some((line) => expression.test(line)))(new RegExp(pattern))',
);

/**
 * Some expressions take practically for ever on a line that almost matches, so matching is stopped after a
 * while. Others fail only when they are used ("too large", "stack overflow"), with errors of the other
 * context.
 */
function match(pattern: string, lines: readonly string[]): boolean | 'too-slow' | 'unusable' {
  try {
    return looking.runInContext(createContext({ pattern, lines }), { timeout: MATCH_LIMIT_MS }) as boolean;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? 'too-slow' : 'unusable';
  }
}

const ignored = (): void => undefined;

function errorText(error: NodeJS.ErrnoException): string {
  return error.code ?? error.message;
}
