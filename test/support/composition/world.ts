import type { ClientContext, ClientEffect } from '../../../machines/client.ts';
import type { DaemonContext, DaemonEffect } from '../../../machines/daemon.ts';
import type { Place } from './numbered-chart.ts';

/** What a client asks for: `apply` may launch a daemon, the others only ask. */
export type Asked = 'apply' | 'status' | 'DIE';

/** What the socket file says: which daemon wrote it, or that it is damaged or not there. */
export type SocketText = number | 'damaged' | 'missing';

/** A connection, from both ends: how far its one request is, and what waits to be read. */
export interface Wire {
  readonly to: number;
  readonly request: 'none' | 'sent' | 'queued' | 'current' | 'working' | 'over';
  readonly reply: 'none' | 'progress' | 'answer' | 'kept' | 'refusal';
  readonly hasToldProgress: boolean;
  /** The daemon's end is closed: what is not on its way will not come. */
  readonly isClosed: boolean;
  /** The client's end is closed: nobody reads what is sent. */
  readonly isLeft: boolean;
}

export interface Client {
  readonly name: 'A' | 'B';
  readonly asked: Asked;
  readonly place: Place;
  readonly doing: ClientEffect;
  readonly fate: 'alive' | 'ended' | 'vanished';
  /**
   * The socket file as the first half of an effect has read it; other processes may act before the second
   * half.
   */
  readonly read: SocketText | null;
  readonly deadEnd: { readonly text: SocketText; readonly isSlow: boolean } | null;
  /** The daemon that it launched last, or the exit code of that one. */
  readonly launched: { readonly daemon: number } | { readonly code: number } | null;
  readonly wire: Wire | null;
  /** The daemon's last word, once it was read. */
  readonly reply: 'answer' | 'kept' | 'refusal' | null;
  /** The user has seen the answer or the error. */
  readonly isPrinted: boolean;
  /** Its request was carried out. */
  readonly isHeeded: boolean;
  /** A fault was done to it. */
  readonly isHit: boolean;
}

export interface Daemon {
  readonly number: number;
  readonly place: Place;
  readonly doing: DaemonEffect;
  /** The second half of an effect that other processes can come between. */
  readonly isHalfDone: boolean;
  /** Index of the client that launched it; null for one that was there before. */
  readonly launcher: 0 | 1 | null;
  readonly isListening: boolean;
  readonly hasFailed: boolean;
  readonly isBusy: boolean;
  /** It knows of the jobs that it found. */
  readonly knowsJobs: boolean;
  /** Indices of the clients whose requests were admitted, in their order. */
  readonly queue: readonly number[];
}

/** Two clients, the data folder that they share, and the daemons that live. */
export interface World {
  readonly file: SocketText;
  readonly lock: number | null;
  /** Live copies of the jobs. */
  readonly jobs: number;
  readonly clients: readonly [Client, Client];
  readonly daemons: readonly Daemon[];
  readonly launches: number;
  readonly faultsLeft: number;
  /** A fault was done to a daemon or to the data folder. */
  readonly isHit: boolean;
}

/** One thing that happens, told in a sentence; an empty one is not worth telling. */
export interface Happening {
  readonly story: string;
  /**
   * A step is taken at once; time and the work of a request pass only when there is no step to take. What is
   * somebody's `own` makes no difference to what others do next, so that it comes first and its other orders
   * need not be tried; faults come anywhere.
   */
  readonly kind: 'own' | 'step' | 'time' | 'work A' | 'work B' | 'fault';
  readonly world: World;
}

export const MISSING = 'missing';

export function withClient(world: World, index: number, change: Partial<Client>): World {
  const [a, b] = world.clients;
  return { ...world, clients: index === 0 ? [{ ...a, ...change }, b] : [a, { ...b, ...change }] };
}

export function withWire(world: World, index: number, change: Partial<Wire>): World {
  const { wire } = world.clients[index] as Client;
  return wire === null ? world : withClient(world, index, { wire: { ...wire, ...change } });
}

export function withDaemon(world: World, number: number, change: Partial<Daemon>): World {
  return {
    ...world,
    daemons: world.daemons.map((daemon) => (daemon.number === number ? { ...daemon, ...change } : daemon)),
  };
}

export function daemonOf(world: World, number: number): Daemon | undefined {
  return world.daemons.find((daemon) => daemon.number === number);
}

export function resultOf(client: Client): ClientContext['result'] {
  return (client.place.context as ClientContext).result;
}

export function endOf(daemon: Daemon): DaemonContext['result'] {
  return (daemon.place.context as DaemonContext).result;
}

/** A daemon's own name in a story. */
export function named(number: number): string {
  return `daemon ${number}`;
}

/**
 * What a client holds that ends with its process: the daemon sees its connection end after what was sent on
 * it.
 */
export function departed(client: Client): Partial<Client> {
  const isAwaited =
    client.wire !== null && ['sent', 'queued', 'current', 'working'].includes(client.wire.request);
  return {
    read: null,
    deadEnd: null,
    launched: null,
    wire: client.wire !== null && isAwaited ? { ...client.wire, isLeft: true, reply: 'none' } : null,
  };
}

/**
 * The process of a daemon has ended: the kernel frees its lock and closes its connections, the socket file
 * stays as it is.
 */
export function withoutDaemon(world: World, number: number, code: number): World {
  const bereft = (client: Client): Client => ({
    ...client,
    launched:
      client.launched !== null && 'daemon' in client.launched && client.launched.daemon === number
        ? { code }
        : client.launched,
    wire: client.wire?.to === number ? wireWithout(client.wire) : client.wire,
  });
  const [a, b] = world.clients;
  return {
    ...world,
    lock: world.lock === number ? null : world.lock,
    daemons: world.daemons.filter((daemon) => daemon.number !== number),
    clients: [bereft(a), bereft(b)],
  };
}

function wireWithout(wire: Wire): Wire | null {
  return wire.isLeft ? null : { ...wire, request: 'over', isClosed: true };
}
