import type { IncomingMessage } from 'node:http';
import { connect, Socket } from 'node:net';
import { isOfNoRoom, NoRoom } from '../no-room.ts';
import type { ProbeDone, Probes } from '../ports.ts';
import { logProbes } from './log-probes.ts';
import { matchingLines } from './matching-lines.ts';

/** HTTP statuses that count as ready. A redirect is one of them and is not followed. */
const READY_STATUS = { from: 200, below: 400 } as const;

/** Probes of this machine. */
export const realProbes: Probes = {
  connect: tryConnect,
  request: tryRequest,
  ...logProbes(),
  match: matchingLines(),
};

function tryConnect(to: { readonly host: string; readonly port: number }, done: ProbeDone): { end(): void } {
  const begun = begin(() => connect(to));
  if (!(begun instanceof Socket)) {
    const later = setImmediate(done, begun.failure);
    return { end: () => clearImmediate(later) };
  }
  const socket = begun;
  const finish: ProbeDone = (failure) => {
    socket.destroy();
    done(failure);
  };
  socket.once('connect', () => finish(null));
  socket.on('error', (error) => finish(failureOf(error)));
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
  const finish: ProbeDone = (failure) => {
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
      request.on('error', (error) => finish(failureOf(error)));
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

const ignored = (): void => undefined;

function failureOf(error: NodeJS.ErrnoException): string | NoRoom {
  return isOfNoRoom(error) ? new NoRoom(errorText(error)) : errorText(error);
}

function errorText(error: NodeJS.ErrnoException): string {
  return error.code ?? error.message;
}
