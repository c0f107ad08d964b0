import type { Homes } from '../homes.ts';
import type { Clock } from '../host/clock.ts';
import type { ClientConnection } from '../wire/client.ts';
import type { Inspection, Progress, Reply, Transition, TriggerRequest } from '../wire/messages.ts';
import type { SocketFile } from '../wire/socket-file.ts';

/** The socket file as found: its text, that there is none, or why it cannot be trusted or read. */
export type FoundSocketFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unusable'; readonly detail: string };

/** A daemon that was just started. */
export interface LaunchedDaemon {
  /** Null while it runs; its exit code, or -1 for one that a signal ended or that never began. */
  exitCode(): number | null;
  /** How it ended, as what follows "the daemon"; said of one that has ended. */
  ending(): string;
  /** The end of what it has logged since it was started. */
  logTail(): string;
}

/** A daemon that lives as long as this process at most. */
export interface AttachedDaemon extends LaunchedDaemon {
  signal(name: NodeJS.Signals): void;
}

/**
 * The world, as far as the client's effects need it. Nothing here throws, and only `connect` rejects: with a
 * WireError.
 */
export interface ClientPorts {
  readonly clock: Clock;
  /** Null when the data folder can be used, else why not. `make` makes a missing one. */
  prepareData(homes: Homes, make: boolean): string | null;
  /** Whether there is a config file, be it one that cannot be read. */
  hasConfig(homes: Homes): boolean;
  readSocketFile(homes: Homes): FoundSocketFile;
  /** Says what a trigger would do where no daemon runs. */
  readonly planOffline?: (homes: Homes, request: TriggerRequest) => Promise<Reply>;
  /** Null when it is gone, else why not. */
  removeSocketFile(homes: Homes): string | null;
  connect(file: SocketFile): Promise<ClientConnection>;
  /** Whether a process has this pid. */
  isAlive(pid: number): boolean;
  launchDaemon(homes: Homes): Promise<LaunchedDaemon>;
  attachDaemon(homes: Homes): Promise<AttachedDaemon>;
}

/** Who looks at what comes in. */
export interface ClientScreen {
  showProgress(progress: Progress): void;
  /** For a request that follows transitions; resolves when the reader has taken it. */
  showEvent?(event: Transition): Promise<unknown> | void;
  /** For a request that inspects the charts. */
  showInspection?(inspection: Inspection): void;
  /** Resolves to false when the reader has left. */
  print(reply: Reply): Promise<boolean>;
}
