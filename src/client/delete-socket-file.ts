import type { ClientSession } from './session.ts';

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
