import { unlinkSync } from 'node:fs';
import { dataFolder } from '../data-folder.ts';
import { lookAtDataHome, makeDataHome } from '../homes.ts';
import { askingPorts, preparedBy } from './asking-ports.ts';
import { hasConfig } from './has-config.ts';
import type { ClientPorts } from './ports.ts';

/** The machine's own files, sockets and processes. `daemonProgram` is what starts the daemon. */
export function realPorts(daemonProgram: string): ClientPorts {
  return {
    ...askingPorts,
    prepareData: (homes, make) => preparedBy(make ? makeDataHome : lookAtDataHome, homes),
    hasConfig: ({ config }) => hasConfig(config),
    removeSocketFile: ({ data }) => remove(dataFolder(data).socket),
    // Imported when they are needed: what they take from node costs a tenth of its start.
    connect: async (file, options) => (await import('../wire/client.ts')).connect(file, options),
    planOffline: async (homes, request) =>
      (await import('./plan-offline.ts')).planOffline(daemonProgram, homes, request),
    launchDaemon: async (homes) => (await import('./spawn-daemon.ts')).spawnDaemon(daemonProgram, homes),
    attachDaemon: async (homes) => (await import('./spawn-daemon.ts')).attachDaemon(daemonProgram, homes),
  };
}

function remove(path: string): string | null {
  try {
    unlinkSync(path);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
