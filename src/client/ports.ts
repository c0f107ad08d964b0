import type { Homes } from '../homes.ts';
import type { Clock } from '../host/clock.ts';
import type { ClientConnection, ConnectOptions } from '../wire/client.ts';
import type { Inspection, Progress, Reply, Transition, TriggerRequest } from '../wire/messages.ts';
import type { SocketFile } from '../wire/socket-file.ts';

/**
 * The result of reading the socket file: its text, that it is missing, or why it cannot be read or trusted.
 */
export type FoundSocketFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unusable'; readonly detail: string };

/** A daemon that was just started. */
export interface LaunchedDaemon {
  /** Null while the process runs; then its exit code, or -1 if a signal ended it or it never began. */
  exitCode(): number | null;
  /** How the process ended, to follow "the daemon" in a sentence. */
  ending(): string;
  /** The last lines that the daemon has logged since this process started. */
  logTail(): string;
}

/** A daemon that ends when this process does. */
export interface AttachedDaemon extends LaunchedDaemon {
  signal(name: NodeJS.Signals): void;
}

/**
 * The world that the client's effects need. Nothing here throws, and only `connect` rejects, with a
 * WireError.
 */
export interface ClientPorts {
  readonly clock: Clock;
  /** Null when the data folder can be used, else the reason why not. `make` creates a missing folder. */
  prepareData(homes: Homes, make: boolean): string | null;
  /** Whether a config file exists, even an unreadable one. */
  hasConfig(homes: Homes): boolean;
  readSocketFile(homes: Homes): FoundSocketFile;
  /** Answers what a trigger would do, without a daemon. */
  readonly planOffline?: (homes: Homes, request: TriggerRequest) => Promise<Reply>;
  /** Null when the file is gone, else the reason why not. */
  removeSocketFile(homes: Homes): string | null;
  connect(file: SocketFile, options?: ConnectOptions): Promise<ClientConnection>;
  /** Whether a process has this pid. */
  isAlive(pid: number): boolean;
  launchDaemon(homes: Homes): Promise<LaunchedDaemon>;
  attachDaemon(homes: Homes): Promise<AttachedDaemon>;
}

/** Shows what the daemon sends. */
export interface ClientScreen {
  showProgress(progress: Progress): void;
  /** For a request that follows transitions; resolves when the reader has taken it. */
  showEvent?(event: Transition): Promise<unknown> | void;
  /** For a request that inspects the charts. */
  showInspection?(inspection: Inspection): void;
  /** Resolves to false when the reader has left. */
  print(reply: Reply): Promise<boolean>;
  /** A daemon runs, but takes long to answer at all. */
  showSlow?(): void;
}
