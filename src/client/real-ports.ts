import { lstatSync, readFileSync, unlinkSync } from 'node:fs';
import { dataFolder } from '../data-folder.ts';
import { kindOf } from '../files/regular-file.ts';
import { lookAtDataHome, makeDataHome, type Homes } from '../homes.ts';
import { pidIsKnown } from '../os/is-alive.ts';
import { systemWords } from '../text/system-messages.ts';
import { realClock } from '../host/real-clock.ts';
import { hasConfig } from './has-config.ts';
import type { ClientPorts, FoundSocketFile } from './ports.ts';

/** A socket file is never longer. */
const SOCKET_FILE_BYTES = 64 * 1024;

/** The machine's own files, sockets and processes. `daemonProgram` is what starts the daemon. */
export function realPorts(daemonProgram: string): ClientPorts {
  return {
    clock: realClock,
    prepareData: ({ data, around }, make) => {
      const prepare = make ? makeDataHome : lookAtDataHome;
      return (around === undefined ? null : prepare(around)) ?? prepare(data);
    },
    hasConfig: ({ config }) => hasConfig(config),
    readSocketFile: (homes) => readSocketFile(socketPath(homes)),
    removeSocketFile: (homes) => remove(socketPath(homes)),
    isAlive: pidIsKnown,
    // Imported when they are needed: what they take from node costs a tenth of its start.
    connect: async (file) => (await import('../wire/client.ts')).connect(file),
    planOffline: async (homes, request) =>
      (await import('./plan-offline.ts')).planOffline(daemonProgram, homes, request),
    launchDaemon: async (homes) => (await import('./spawn-daemon.ts')).spawnDaemon(daemonProgram, homes),
    attachDaemon: async (homes) => (await import('./spawn-daemon.ts')).attachDaemon(daemonProgram, homes),
  };
}

const socketPath = (homes: Homes): string => dataFolder(homes.data).socket;

function readSocketFile(path: string): FoundSocketFile {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return { kind: 'missing' };
    // Checked first: opening a pipe would block.
    if (!found.isFile() || found.size > SOCKET_FILE_BYTES)
      return { kind: 'unusable', detail: `${path} is a ${kindOf(found)}, but no socket file of overseer's` };
    if (found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0)
      return { kind: 'unusable', detail: `${path} can be read or written by others` };
    return { kind: 'text', text: readFileSync(path, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT'
      ? { kind: 'missing' }
      : { kind: 'unusable', detail: `cannot read ${path}: ${systemWords(error as Error)}` };
  }
}

function remove(path: string): string | null {
  try {
    unlinkSync(path);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
