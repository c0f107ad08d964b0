import type { ClientSession } from './session.ts';

/** Only a command that may start a daemon makes the data folder: asking changes nothing. */
export function initHomes({ ports, homes, mayLaunch, post }: ClientSession): void {
  const detail = ports.prepareData(homes, mayLaunch);
  post(detail === null ? { type: 'Success' } : { type: 'Failure', detail });
}
