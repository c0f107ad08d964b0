import { dataFolder } from '../data-folder.ts';
import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import type { Homes } from '../homes.ts';
import type { DaemonLog } from '../job/ports.ts';
import { realClock } from '../host/real-clock.ts';
import { realTurns } from '../host/real-turns.ts';
import { LogWriters } from '../job/logs/log-writers.ts';
import { LogKeeper } from '../job/logs/log-keeper.ts';
import { isOurs } from '../data-folder.ts';
import { realFiles } from '../job/watch/real-files.ts';
import { realProbes } from '../job/checks/real-probes.ts';
import { realProcesses } from '../job/processes/real-processes.ts';
import { openFilesOutside } from '../os/open-files.ts';
import { loginTrouble } from '../os/login.ts';
import { thisOs } from '../os/this-os.ts';
import { listen } from '../wire/server.ts';
import { baseEnvironment } from '../base-environment.ts';
import { environmentFor } from '../homes.ts';
import { givenEnvironment } from '../time-zone.ts';
import { collectGarbage } from './collect-garbage.ts';
import { initHomes } from './init-homes.ts';
import { ConfigReader } from './config-reader.ts';
import type { DaemonPorts } from './ports.ts';
import { publishSocket } from './serving/published-socket.ts';
import { watchHome } from './serving/watched-home.ts';
import { historyFiles } from '../state/history-files.ts';
import { remembered } from './feeds/history.ts';
import { traceIn } from '../host/open-trace.ts';

/** The ports of this machine. `isAwaited` says whether the client that launched the daemon still waits. */
export function realPorts(homes: Homes, log: DaemonLog, isAwaited: () => Promise<boolean>): DaemonPorts {
  const os = thisOs();
  const reader = new ConfigReader({
    home: homes.home,
    base: baseEnvironment(environmentFor(homes, givenEnvironment())),
    worker: new URL('config-worker.cjs', import.meta.url),
  });
  // On macOS opening a descriptor by its name duplicates it, so nothing can truncate the log, and jobs write
  // to it directly.
  const writers = os.name === 'linux' ? new LogWriters({ os, log }) : null;
  const trace = traceIn(process.env);
  const processes = realProcesses(os, {
    openFiles: openFilesOutside(process.env),
    say: (line) => log.line(line),
    writers,
  });
  return {
    clock: realClock,
    turns: realTurns(),
    processes,
    probes: realProbes,
    files: realFiles({ data: homes.data, isOurs }),
    log,
    ...(trace !== null && { trace }),
    history: historyFiles({ dir: dataFolder(homes.data).history, trim: remembered, log }),
    pid: process.pid,
    random: (bytes) => randomBytes(bytes).toString('hex'),
    initHomes: () => initHomes(homes, os, isAwaited),
    listen,
    publishSocket: (file) => publishSocket(dataFolder(homes.data).socket, file),
    watchHome: (onChange) =>
      os.name === 'linux' ? watchHome({ data: homes.data, home: homes.home }, onChange) : null,
    readConfig: (dir) => reader.read(dir),
    realPath: (path) => {
      try {
        return realpathSync(path);
      } catch {
        return path;
      }
    },
    loginTrouble: () => loginTrouble({ platform: process.platform, environment: process.env }),
    tidy: () => {
      collectGarbage();
      processes.lookAhead();
    },
    keepLogs: (logOf) => new LogKeeper({ clock: realClock, os, log, logOf, writers }),
  };
}
