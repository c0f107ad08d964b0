import { fileURLToPath } from 'node:url';
import { realPorts } from '../client/real-ports.ts';
import { namedFolder, resolveHomes } from '../homes.ts';
import { ClientOfDaemon } from './client-of-daemon.ts';
import type { DaemonLocation, OverseerClient } from './types.ts';

/**
 * Finds the running daemon as the command `overseer` does, and lets it prove itself. Rejects with a
 * NoDaemonError where none runs, unless `launch` is set.
 */
export async function connect(options: DaemonLocation = {}): Promise<OverseerClient> {
  const usual = resolveHomes(process.env);
  const { config, data, launch = false } = options;
  const homes = {
    ...usual,
    ...(config === undefined ? {} : { config: namedFolder(config, usual.home) }),
    ...(data === undefined ? {} : { data: namedFolder(data, usual.home) }),
  };
  // Next to the bundle: dist/library.cjs and bin/overseerd.
  const ports = realPorts(fileURLToPath(new URL('../bin/overseerd', import.meta.url)));
  return ClientOfDaemon.connected({ homes, ports, mayLaunch: launch });
}
