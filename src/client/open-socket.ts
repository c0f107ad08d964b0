import { WireError } from '../wire/wire-error.ts';
import { parseSocketFile } from '../wire/socket-file.ts';
import type { ClientSession, DeadEnd } from './session.ts';

/** Reads the socket file anew, connects and lets the daemon prove that it wrote that file. */
export function openSocket(session: ClientSession): void {
  const found = session.ports.readSocketFile(session.homes);
  if (found.kind !== 'text')
    return fail(
      session,
      null,
      'unreadable',
      found.kind === 'missing' ? 'the socket file is gone' : found.detail,
    );
  const file = parseSocketFile(found.text);
  if (file === null) return fail(session, found.text, 'unreadable', 'the socket file is damaged');
  session.ports.connect(file).then(
    (connection) => {
      session.connection = connection;
      session.post({ type: 'Success' });
    },
    (error: unknown) =>
      fail(session, found.text, error instanceof WireError ? error.code : 'closed', (error as Error).message),
  );
}

function fail(session: ClientSession, text: string | null, code: DeadEnd['code'], detail: string): void {
  session.deadEnd = { text, code, detail };
  session.post({ type: 'Failure', detail });
}
