import { parseSocketFile, type SocketFile } from '../wire/socket-file.ts';
import { NO_ROOM } from '../wire/busy.ts';
import type { ClientConnection, ConnectOptions } from '../wire/client.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Reply } from '../wire/messages.ts';
import { WireError } from '../wire/wire-error.ts';
import type { ClientSession, DeadEnd } from './session.ts';

// The effects of the client chart, in the order of the chart. `launchDaemon` has a file of its own.

/** Only a command that may start a daemon creates the data folder: a question changes nothing. */
export function initHomes({ ports, homes, mayLaunch, post }: ClientSession): void {
  const detail = ports.prepareData(homes, mayLaunch);
  post(detail === null ? { type: 'Success' } : { type: 'Failure', detail });
}

/** Whether a socket file exists, whatever its content. */
export function checkSocketExists({ ports, homes, post }: ClientSession): void {
  const found = ports.readSocketFile(homes);
  post(found.kind === 'missing' ? { type: 'Failure', detail: 'no daemon is running' } : { type: 'Success' });
}

/** Reads the socket file again, connects, and lets the daemon prove that it wrote that file. */
export function openSocket(session: ClientSession): void {
  const found = session.ports.readSocketFile(session.homes);
  if (found.kind !== 'text')
    return noteDeadEnd(
      session,
      null,
      'unreadable',
      found.kind === 'missing' ? 'the socket file is gone' : found.detail,
    );
  const file = parseSocketFile(found.text);
  if (file === null) return noteDeadEnd(session, found.text, 'unreadable', 'the socket file is damaged');
  enter(session, { file, text: found.text, tries: 0 });
}

interface Attempt {
  readonly file: SocketFile;
  readonly text: string;
  readonly tries: number;
}

/**
 * Retries after a daemon accepted a connection and closed it: other clients may have taken all its places.
 */
const ENTRY = { tries: 10, firstMs: 20, factor: 1.5 } as const;

/** A daemon that takes longer to answer at all is remarked upon. */
const SLOW_MS = 2_000;

const STRANGER: ConnectOptions = {
  connectTimeoutMs: LIMITS.clientStrangerTimeoutMs,
  handshakeTimeoutMs: LIMITS.clientStrangerTimeoutMs,
};

function enter(session: ClientSession, { file, text, tries }: Attempt): void {
  const { ports, post, screen } = session;
  const isDaemonAlive = ports.isAlive(file.pid);
  const slow = isDaemonAlive ? ports.clock.after(SLOW_MS, () => screen.showSlow?.()) : null;
  const entering = ports.connect(file, isDaemonAlive ? {} : STRANGER).finally(() => slow?.clear());
  entering.then(
    (connection) => {
      session.connection = connection;
      post({ type: 'Success' });
    },
    (error: unknown) => {
      const { code, message } = error instanceof WireError ? error : new WireError('closed', String(error));
      const isCrowded = code === 'busy' || (code === 'closed' && ports.isAlive(file.pid));
      if (!isCrowded) return noteDeadEnd(session, text, code, message);
      if (tries < ENTRY.tries && session.interrupted?.aborted !== true)
        return void ports.clock.after(ENTRY.firstMs * ENTRY.factor ** tries, () =>
          enter(session, { file, text, tries: tries + 1 }),
        );
      // It is not known whether this is the daemon, so it counts as one that is too slow.
      if (code === 'closed') return noteDeadEnd(session, text, 'timeout', message);
      session.connection = refusing(NO_ROOM);
      post({ type: 'Success' });
    },
  );
}

/** Stands for a proven daemon that accepts no client: every request is answered with this refusal. */
function refusing(reply: Reply): ClientConnection {
  const nothing = (): void => undefined;
  return {
    request: (_, onReply) => process.nextTick(onReply, reply),
    close: nothing,
    pause: nothing,
    resume: nothing,
  };
}

function noteDeadEnd(
  session: ClientSession,
  text: string | null,
  code: DeadEnd['code'],
  detail: string,
): void {
  session.deadEnd = { text, code, detail };
  session.post({ type: 'Failure', detail });
}

/** Hands the request to the connection. What comes back waits in the inbox until ReadResponse listens. */
export function sendRequest({ connection, request, inbox, post }: ClientSession): void {
  if (connection === null) return post({ type: 'Failure', detail: 'there is no connection' });
  connection.request(request, inbox.onReply, inbox.onClosed);
  // A closed connection and a too long request are reported on the next tick.
  process.nextTick(() =>
    post(inbox.closed === null ? { type: 'Success' } : { type: 'Failure', detail: inbox.closed.message }),
  );
}

/**
 * Listens for progress, events and the one answer or refusal. How long a request may take is for the daemon
 * to decide, unless this side breaks it off.
 */
export function readResponse(session: ClientSession): void {
  session.inbox.listen({
    onReply: (reply) => {
      if (reply.kind === 'progress' || reply.kind === 'event' || reply.kind === 'inspection') {
        session.news.push(reply);
        session.post({ type: 'Progress' });
      } else {
        session.reply = reply;
        session.post({ type: 'Success' });
      }
    },
    onClosed: (error) => session.post({ type: 'Failure', detail: error.message }),
  });
  const breakOff = (): void => session.post({ type: 'Failure', detail: 'it was broken off' });
  if (session.interrupted?.aborted === true) breakOff();
  else session.interrupted?.addEventListener('abort', breakOff, { once: true });
}

/**
 * The daemon is paused when this many events wait for their reader. It disconnects a client that leaves too
 * much unread.
 */
const MOST_UNREAD = 256;

/** Shows what came next of progress and events. */
export function showProgress(session: ClientSession): void {
  const { news, screen } = session;
  const next = news.shift();
  if (next?.kind === 'progress') screen.showProgress(next.progress);
  if (next?.kind === 'event') awaitReader(session, screen.showEvent?.(next.event));
  if (next?.kind === 'inspection') screen.showInspection?.(next.inspection);
}

function awaitReader(session: ClientSession, read: Promise<unknown> | void): void {
  if (!(read instanceof Promise)) return;
  session.unread += 1;
  if (session.unread === MOST_UNREAD) session.connection?.pause();
  void read.then(() => {
    session.unread -= 1;
    if (session.unread === MOST_UNREAD / 2) session.connection?.resume();
  });
}

export function printResponse({ screen, reply, post }: ClientSession): void {
  if (reply === null) return post({ type: 'Failure', detail: 'there is nothing to print' });
  void screen
    .print(reply)
    .then((read) => post(read ? { type: 'Success' } : { type: 'Failure', detail: 'the reader has left' }));
}

export function closeSocket(session: ClientSession): void {
  session.connection?.close();
  session.connection = null;
  session.post({ type: 'Success' });
}

/**
 * Removes only the socket file that led nowhere. If its text has changed, another daemon has written it; a
 * daemon that is slow or speaks another version is alive. In these cases the file stays.
 */
export function deleteSocketFile({ ports, homes, deadEnd, post }: ClientSession): void {
  if (deadEnd?.code === 'timeout' || deadEnd?.code === 'version')
    return post({ type: 'Failure', detail: 'a daemon may still listen there' });
  const found = ports.readSocketFile(homes);
  const text = found.kind === 'text' ? found.text : null;
  if (found.kind === 'missing' || text !== (deadEnd?.text ?? null))
    return post({ type: 'Failure', detail: 'the socket file was replaced' });
  const detail = ports.removeSocketFile(homes);
  post(detail === null ? { type: 'Success' } : { type: 'Failure', detail });
}
