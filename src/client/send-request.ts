import type { ClientSession } from './session.ts';

/** Hands the request to the connection. What comes back waits in the inbox until ReadResponse listens. */
export function sendRequest({ connection, request, inbox, post }: ClientSession): void {
  if (connection === null) return post({ type: 'Failure', detail: 'there is no connection' });
  connection.request(request, inbox.onReply, inbox.onClosed);
  // A connection that is over, or a request that is too long, says so on the next tick.
  process.nextTick(() =>
    post(inbox.closed === null ? { type: 'Success' } : { type: 'Failure', detail: inbox.closed.message }),
  );
}
