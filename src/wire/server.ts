import { createHmac } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { RateLimitedLog } from './rate-limited-log.ts';
import { LIMITS, type Limits } from './limits.ts';
import type { Request } from './messages.ts';
import type { Peer } from './peer.ts';
import { ServerConnection, type Admission, type ConnectionHost } from './server-connection.ts';
import { INSTANCE, TOKEN } from './socket-file.ts';

export type { Peer } from './peer.ts';

export interface ListenOptions {
  /** A hexadecimal text of `TOKEN.bytes` random bytes; new at each start. */
  readonly token: string;
  /** A hexadecimal text of `INSTANCE.bytes` random bytes; new at each start. */
  readonly instance: string;
  /** Version of the daemon's program. */
  readonly program: string;
  /** A valid request of a proven client. An exception here is a bug and is not caught. */
  readonly onRequest: (request: Request, peer: Peer) => void;
  /**
   * Called with the reason when a connection was dropped. The text is our own and contains nothing that the
   * peer sent.
   */
  readonly onPeerError?: (why: string) => void;
  /** The listening socket itself failed. */
  readonly onFailure: (error: Error) => void;
  readonly limits?: Partial<Limits>;
}

export interface Listener {
  readonly port: number;
  /** Proven clients that are connected now. */
  readonly peers: number;
  /**
   * Accepts nothing more, lets queued answers flush within their time limit, and resolves when every
   * connection is closed.
   */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1, on a port that the kernel chooses. Rejects with the system's error. */
export async function listen(options: ListenOptions): Promise<Listener> {
  if (!TOKEN.pattern.test(options.token) || !INSTANCE.pattern.test(options.instance))
    throw new TypeError('token or instance is malformed');
  const server = createServer({ noDelay: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, resolve);
  });
  server.removeAllListeners('error');
  return new LoopbackListener(server, options);
}

class LoopbackListener implements Listener {
  readonly port: number;
  readonly #server: Server;
  readonly #limits: Limits;
  readonly #peerErrors: RateLimitedLog;
  readonly #house: ConnectionHost;
  // Oldest first.
  readonly #unproven = new Set<ServerConnection>();
  readonly #proven = new Set<ServerConnection>();
  #closing: Promise<void> | null = null;

  constructor(server: Server, options: ListenOptions) {
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#peerErrors = new RateLimitedLog(this.#limits, (why) => options.onPeerError?.(why));
    this.#house = this.#houseOf(options);
    server.on('connection', (socket) => this.#accept(socket));
    server.on('error', (error) =>
      isPassing(error) ? this.#house.reportPeerError(error.message) : this.#fail(error, options),
    );
  }

  get peers(): number {
    return this.#proven.size;
  }

  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const connection of this.#unproven) connection.destroy();
      for (const connection of this.#proven) connection.takeLeave();
    });
    return this.#closing;
  }

  /** Close at once: while the socket listens, libuv tries to accept again and again within the same turn. */
  #fail(error: Error, { onFailure }: ListenOptions): void {
    this.#server.close();
    onFailure(error);
  }

  #houseOf(options: ListenOptions): ConnectionHost {
    return {
      secret: { token: options.token, instance: options.instance, port: this.port, hmac: nativeHmac },
      program: options.program,
      limits: this.#limits,
      admit: (connection) => this.#admit(connection),
      relieve: () => this.#relieve(),
      left: (connection) => this.#forget(connection),
      onRequest: options.onRequest,
      reportPeerError: (why) => this.#peerErrors.add(why, performance.now()),
    };
  }

  #accept(socket: Socket): void {
    if (this.#unproven.size >= this.#limits.unprovenPeers) {
      const oldest = this.#leastPromising();
      oldest?.drop(`${this.#limits.unprovenPeers} newer connections without a proof`);
      if (oldest) this.#unproven.delete(oldest);
    }
    this.#unproven.add(new ServerConnection(socket, this.#house));
  }

  /** The oldest unproven connection that has sent nothing valid; a real client greets at once. */
  #leastPromising(): ServerConnection | undefined {
    const [oldest] = this.#unproven;
    return [...this.#unproven].find(({ hasGreeted }) => !hasGreeted) ?? oldest;
  }

  #admit(connection: ServerConnection): Admission {
    const { provenPeers, reservedPeers } = this.#limits;
    const taken = this.#proven.size;
    if (taken >= provenPeers + reservedPeers) return 'none';
    this.#unproven.delete(connection);
    this.#proven.add(connection);
    return taken < provenPeers ? 'peer' : 'guest';
  }

  #relieve(): void {
    const all = [...this.#proven].reduce((sum, { queuedBytes }) => sum + queuedBytes, 0);
    if (all <= this.#limits.allQueuedBytes) return;
    const [first] = [...this.#proven].toSorted((a, b) => b.queuedBytes - a.queuedBytes);
    first?.drop(`left ${first.queuedBytes} bytes unread, the most of all peers that left too much together`);
  }

  #forget(connection: ServerConnection): void {
    this.#unproven.delete(connection);
    this.#proven.delete(connection);
  }
}

const PASSING_CODES: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'ENOBUFS',
  'ECONNABORTED',
  'EPROTO',
  'EPERM',
  'EINTR',
  'EAGAIN',
]);

/** Whether only one connection could not be accepted and the socket still listens. */
function isPassing(error: NodeJS.ErrnoException): boolean {
  return error.syscall === 'accept' && PASSING_CODES.has(error.code ?? '');
}

/** The daemon has loaded node:crypto anyway. */
const nativeHmac = (key: Buffer, message: Buffer): Buffer =>
  createHmac('sha256', key).update(message).digest();
