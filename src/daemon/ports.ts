import type { ConfigReading } from '../config/config.ts';
import type { Clock, Turns } from '../host/clock.ts';
import type { DaemonLog, Files, Probes, Processes } from '../job/ports.ts';
import type { Trace } from '../host/trace.ts';
import type { JobLog } from '../job/logs/log-keeper.ts';
import type { Listener, ListenOptions } from '../wire/server.ts';
import type { SocketFile } from '../wire/socket-file.ts';
import type { InitHomesResult } from './init-homes.ts';
import type { PublishedSocket } from './published-socket.ts';

/** Everything of the world that the daemon touches; with other ports it lives in another world. */
export interface DaemonPorts {
  readonly clock: Clock;
  readonly turns: Turns;
  readonly processes: Processes;
  readonly probes: Probes;
  readonly files: Files;
  readonly log: DaemonLog;
  readonly pid: number;
  /** Hears of every step, where somebody asked for it. */
  readonly trace?: Trace;
  /** Random bytes in hexadecimal, good enough for secrets. */
  random(bytes: number): string;
  initHomes(): InitHomesResult | Promise<InitHomesResult>;
  listen(options: ListenOptions): Promise<Listener>;
  /** Throws what the disk says. */
  publishSocket(file: SocketFile): PublishedSocket;
  /** At once, or later where the config is large. */
  readConfig(dir: string): ConfigReading | Promise<ConfigReading>;
  /** Keeps the logs of running jobs within their size until `end`. */
  keepLogs(logs: () => readonly JobLog[]): { end(): void };
}
