import type { Clock } from '../host/clock.ts';
import type { Files, MemorySamples, Probes, Processes } from './ports.ts';

/**
 * Everything that jobs need of their surroundings: the ports, and what all jobs of a daemon have in common.
 */
export interface JobWorld {
  readonly processes: Processes;
  readonly probes: Probes;
  readonly memory: MemorySamples;
  readonly files: Files;
  readonly clock: Clock;
  readonly baseEnvironment: Readonly<Record<string, string>>;
  /** The id of the data folder, which marks the processes of its jobs. */
  readonly folderId: string;
  /** The umask that the daemon was started with; jobs inherit it. */
  readonly umask: number;
  readonly logPath: (instance: string) => string;
  /** The folder in which the exit codes of an instance's runs are recorded, each in a file of its own. */
  readonly exits: (instance: string) => string;
  /** The FIFO that is the standard input of an instance. */
  readonly stdin: (instance: string) => string;
}
