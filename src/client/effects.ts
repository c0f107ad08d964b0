import { parseSocketFile } from '../wire/socket-file.ts';
import { WireError } from '../wire/wire-error.ts';
import type { ClientSession, DeadEnd } from './session.ts';

// The effects of the client chart, by their names and in the order of the chart. `launchDaemon` has a file of its own.

/** Only a command that may start a daemon makes the data folder: asking changes nothing. */
export function initHomes({ ports, homes, mayLaunch, post }: ClientSession): void {
  const detail = ports.prepareData(homes, mayLaunch);
  post(detail === null ? { type: 'Success' } : { type: 'Failure', detail });
}

/** Whether a socket file is there, whatever it holds. */
export function checkSocketExists({ ports, homes, post }: ClientSession): void {
  const found = ports.readSocketFile(homes);
  post(found.kind === 'missing' ? { type: 'Failure', detail: 'no daemon is running' } : { type: 'Success' });
}

/** Reads the socket file anew, connects and lets the daemon prove that it wrote that file. */
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
  session.ports.connect(file).then(
    (connection) => {
      session.connection = connection;
      session.post({ type: 'Success' });
    },
    (error: unknown) =>
      noteDeadEnd(
        session,
        found.text,
        error instanceof WireError ? error.code : 'closed',
        (error as Error).message,
      ),
  );
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
  // A connection that is over, or a request that is too long, says so on the next tick.
  process.nextTick(() =>
    post(inbox.closed === null ? { type: 'Success' } : { type: 'Failure', detail: inbox.closed.message }),
  );
}

/** Listens for progress, events and the one answer or refusal. How long a request may take is for the daemon to decide, unless this side breaks it off. */
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

/** Shows what came next of progress and events. */
export function showProgress({ news, screen }: ClientSession): void {
  const next = news.shift();
  if (next?.kind === 'progress') screen.showProgress(next.progress);
  if (next?.kind === 'event') screen.showEvent?.(next.event);
  if (next?.kind === 'inspection') screen.showInspection?.(next.inspection);
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
 * Removes the very file that led nowhere. Another text means another daemon; and one that is slow, or speaks another
 * version, is alive: its file stays.
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
