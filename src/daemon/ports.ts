import type { ConfigReading } from '../config/config.ts';
import type { Homes } from '../homes.ts';
import type { Clock, Turns } from '../host/clock.ts';
import type { DaemonLog, Files, Probes, Processes } from '../job/ports.ts';
import type { LoginTrouble } from '../os/login.ts';
import type { Trace } from '../host/trace.ts';
import type { JobLog } from '../job/logs/job-log.ts';
import type { LogKeeper } from '../job/logs/log-keeper.ts';
import type { HistoryFiles } from '../state/history-files.ts';
import type { Listener, ListenOptions } from '../wire/server.ts';
import type { SocketFile } from '../wire/socket-file.ts';
import type { InitHomesResult } from './init-homes.ts';
import type { PublishedSocket } from './serving/published-socket.ts';

/** What the daemon tells the log keeper. */
export type KeptLogs = Pick<LogKeeper, 'wake' | 'configure' | 'forget' | 'end'>;

/** Everything through which the daemon reaches the world; the simulation replaces all of it. */
export interface DaemonPorts {
  readonly clock: Clock;
  readonly turns: Turns;
  readonly processes: Processes;
  readonly probes: Probes;
  readonly files: Files;
  readonly log: DaemonLog;
  readonly history: HistoryFiles;
  readonly pid: number;
  /** Called with every step of every chart, if a trace was asked for. */
  readonly trace?: Trace;
  /** Random bytes in hexadecimal, good enough for secrets. */
  random(bytes: number): string;
  initHomes(): InitHomesResult | Promise<InitHomesResult>;
  listen(options: ListenOptions): Promise<Listener>;
  /** Throws the error of the file system. */
  publishSocket(file: SocketFile): PublishedSocket;
  /**
   * Calls back when the data folder, its lock or its socket file may have been removed or replaced. Null
   * where the system does not say so, or not always: then somebody has to poll.
   */
  watchHome(onChange: () => void): { readonly end: () => void } | null;
  /** Returns the config at once, or a promise if it is large and is read in a worker thread. */
  readConfig(dir: string): ConfigReading | Promise<ConfigReading>;
  /** A path with its links resolved; unchanged if it does not exist. */
  realPath(path: string): string;
  /** What speaks against the login session of this daemon; null, or missing, where there is no such thing. */
  loginTrouble?(): Promise<LoginTrouble | null> | null;
  /** Called when no job has moved for a while after a burst of steps; gives memory back, for example. */
  tidy?(): void;
  /** Keeps the logs of running jobs within their size until `end`. */
  keepLogs(logOf: (instance: string) => JobLog | null): KeptLogs;
}

export interface DaemonOptions {
  readonly ports: DaemonPorts;
  readonly homes: Homes;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The umask that jobs inherit. */
  readonly umask: number;
}
