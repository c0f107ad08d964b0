import type { ClientSession } from './session.ts';

export function closeSocket(session: ClientSession): void {
  session.connection?.close();
  session.connection = null;
  session.post({ type: 'Success' });
}
