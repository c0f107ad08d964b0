import { dataFolder, exitFileOf, logOf, stdinOf } from '../data-folder.ts';
import type { Homes } from '../homes.ts';
import { Pace, pacedClock } from '../host/pace.ts';
import { baseEnvironment } from '../base-environment.ts';
import type { JobWorld } from '../job/world.ts';
import { pacedProcesses } from '../job/processes/paced-processes.ts';
import { memorySamples } from '../job/checks/memory-samples.ts';
import type { DaemonPorts } from './ports.ts';

export interface JobWorldOptions {
  readonly homes: Homes;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The umask that jobs inherit. */
  readonly umask: number;
  readonly folderId: string;
  readonly ports: Pick<DaemonPorts, 'processes' | 'probes' | 'files' | 'clock' | 'turns'>;
}

/** The world as jobs have it: the ports, and their places in the data folder. */
export function jobWorld({ homes, environment, umask, folderId, ports }: JobWorldOptions): JobWorld {
  const { processes, probes, files, clock, turns } = ports;
  const folder = dataFolder(homes.data);
  const pace = new Pace(turns);
  const paced = pacedClock(clock, pace);
  return {
    processes: pacedProcesses(processes, pace),
    probes,
    memory: memorySamples(paced, processes),
    files,
    clock: paced,
    umask,
    folderId,
    baseEnvironment: baseEnvironment(environment),
    logPath: (instance) => logOf(folder.logs, instance),
    exits: (instance) => exitFileOf(folder.exits, instance),
    stdin: (instance) => stdinOf(folder.stdin, instance),
  };
}
