import type { ClientSession } from './session.ts';

/** Whether a socket file is there, whatever it holds. */
export function checkSocketExists({ ports, homes, post }: ClientSession): void {
  const found = ports.readSocketFile(homes);
  post(found.kind === 'missing' ? { type: 'Failure', detail: 'no daemon is running' } : { type: 'Success' });
}
