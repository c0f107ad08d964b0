import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { busy } from './busy.ts';
import { encodeReply } from './envelope.ts';
import { FrameDecoder, type Decoded } from './frames.ts';
import {
  MAGIC,
  challenge,
  readClientProof,
  readHello,
  welcome,
  type Nonces,
  type Secret,
} from './handshake.ts';
import type { Limits } from './limits.ts';
import { WIRE_VERSION, type Request } from './messages.ts';
import { RequestsInFlight, type Outlet, type Peer } from './peer.ts';
import { SHUTTING_DOWN } from './shutting-down.ts';

/** The listener, as its connections see it. */
export interface ConnectionHost {
  readonly secret: Secret;
  /** Version of the daemon's program. */
  readonly program: string;
  readonly limits: Limits;
  /**
   * Decides where a proven connection is placed: in a place of its own, in one reserved for short requests,
   * or nowhere.
   */
  admit(connection: ServerConnection): Admission;
  /** If all peers together leave too much unread, disconnects the peer with the most. */
  relieve(): void;
  left(connection: ServerConnection): void;
  onRequest(request: Request, peer: Peer): void;
  reportPeerError(why: string): void;
}

export type Admission = 'peer' | 'guest' | 'none';

/** Only queues longer than this count toward the limit of all peers together. */
const NOTABLE_BYTES = 256 * 1024;

// The message that is expected next; a connection in `over` reads nothing more.
type Phase =
  | { readonly name: 'magic' | 'hello' | 'open' | 'over' }
  | { readonly name: 'proof'; readonly nonces: Nonces };

/** The daemon's end of one connection. A failure here ends this connection and nothing else. */
export class ServerConnection implements Outlet {
  readonly #socket: Socket;
  readonly #house: ConnectionHost;
  readonly #decoder = new FrameDecoder();
  readonly #requests: RequestsInFlight;
  #phase: Phase = { name: 'magic' };
  #corked = false;
  #isGuest = false;
  // The time limit of the handshake, later that of the last flush.
  #timer: NodeJS.Timeout;

  constructor(socket: Socket, house: ConnectionHost) {
    this.#socket = socket;
    this.#house = house;
    this.#requests = new RequestsInFlight(this, house.limits, (request, peer) =>
      house.onRequest(request, peer),
    );
    const { handshakeTimeoutMs } = house.limits;
    this.#timer = setTimeout(() => this.drop(`no proof within ${handshakeTimeoutMs} ms`), handshakeTimeoutMs);
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('timeout', () => this.#idle());
    socket.once('end', () => this.finish());
    // A reset is an ordinary way to leave; `close` follows.
    socket.on('error', () => this.destroy());
    socket.once('close', () => this.#closed());
  }

  get open(): boolean {
    return this.#phase.name === 'open';
  }

  get isGuest(): boolean {
    return this.#isGuest;
  }

  /** Whether the first message was valid: the peer speaks our protocol. */
  get hasGreeted(): boolean {
    return this.#phase.name === 'proof';
  }

  /** Bytes that the peer has left unread. */
  get queuedBytes(): number {
    return this.#socket.writableLength;
  }

  send(frame: Buffer): void {
    if (!this.open) return;
    const { queuedBytes } = this.#house.limits;
    if (this.queuedBytes > queuedBytes) return this.drop(`left more than ${queuedBytes} bytes unread`);
    if (this.queuedBytes > NOTABLE_BYTES) this.#house.relieve();
    if (!this.open) return;
    this.#corkForThisTurn();
    this.#socket.write(frame);
  }

  /** Disconnects the peer at once because of its misbehaviour. */
  drop(why: string): void {
    if (this.#phase.name === 'over') return;
    this.destroy();
    this.#house.reportPeerError(why);
  }

  destroy(): void {
    this.#phase = { name: 'over' };
    this.#socket.destroy();
  }

  /**
   * Closes the connection once the queue has been read or the flush timeout has passed. Further input is
   * discarded.
   */
  finish(): void {
    if (this.#phase.name === 'over') return;
    this.#phase = { name: 'over' };
    this.#socket.end();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#socket.destroy(), this.#house.limits.flushTimeoutMs);
  }

  /**
   * Closes the connection because the daemon shuts down. A peer without an open request gets a notice that
   * its next request will not be served.
   */
  takeLeave(): void {
    if (this.#requests.count === 0) this.send(encodeReply(null, SHUTTING_DOWN));
    this.finish();
  }

  /** The peer has proved itself, so it gets the reason. */
  #turnAway(): void {
    this.#socket.write(welcome(this.#house.program));
    this.#socket.write(encodeReply(null, busy(this.#house.limits.provenPeers)));
    this.finish();
    this.#house.reportPeerError('no place for one more client');
  }

  #closed(): void {
    this.#phase = { name: 'over' };
    clearTimeout(this.#timer);
    this.#house.left(this);
    this.#requests.abandon();
  }

  #idle(): void {
    if (this.#requests.count === 0) this.finish();
  }

  // All small frames that are written in one turn of the event loop leave with one system call.
  #corkForThisTurn(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#socket.cork();
    process.nextTick(() => {
      this.#corked = false;
      this.#socket.uncork();
    });
  }

  #read(chunk: Buffer): void {
    if (this.#phase.name === 'over') return;
    this.#decoder.push(chunk);
    let more = true;
    while (more) more = this.#readNext();
  }

  /** False when there is nothing more to read now. */
  #readNext(): boolean {
    if (this.#phase.name === 'over') return false;
    if (this.#phase.name === 'magic') return this.#readMagic();
    const { unprovenFrameBytes, requestFrameBytes, jsonDepth } = this.#house.limits;
    const frame = this.#decoder.next({
      frameBytes: this.open ? requestFrameBytes : unprovenFrameBytes,
      jsonDepth,
    });
    if (frame === null) return false;
    this.#take(frame, this.#phase);
    return true;
  }

  #readMagic(): boolean {
    const matched = this.#decoder.prefix(MAGIC);
    if (matched === false) this.drop('not the overseer protocol');
    if (matched === true) this.#phase = { name: 'hello' };
    return matched === true;
  }

  #take(frame: Decoded, phase: Phase): void {
    if (frame.kind === 'broken') return this.drop(frame.why);
    if (phase.name === 'open') return this.#requests.take(frame);
    const value = frame.kind === 'json' ? frame.value : null;
    if (phase.name === 'proof') this.#takeAnswer(value, phase.nonces);
    else this.#takeHello(value);
  }

  #takeHello(value: unknown): void {
    const client = readHello(value);
    if (client === null) return this.drop('a malformed hello');
    const nonces = { client, server: randomBytes(client.length) };
    this.#phase = { name: 'proof', nonces };
    this.#socket.write(challenge(this.#house.secret, nonces));
  }

  #takeAnswer(value: unknown, nonces: Nonces): void {
    const wire = readClientProof(value, this.#house.secret, nonces);
    if (wire === null) return this.drop('a wrong proof: it does not have the token');
    const admission = this.#house.admit(this);
    this.#isGuest = admission === 'guest';
    if (admission === 'none') return this.#turnAway();
    clearTimeout(this.#timer);
    this.#socket.setTimeout(this.#house.limits.idleTimeoutMs);
    this.#socket.write(welcome(this.#house.program));
    this.#phase = { name: 'open' };
    if (wire === WIRE_VERSION) return;
    this.finish();
    this.#house.reportPeerError(`a client of wire version ${wire}, where this daemon speaks ${WIRE_VERSION}`);
  }
}
