import { isShuttingDown } from './shutting-down.ts';
import { connect as dial, type Socket } from 'node:net';
import { encodeRequest, isLast, readAnswered, type Client, type RequestId } from './envelope.ts';
import { FrameDecoder, frameBytes, type Decoded } from './frames.ts';
import { answer, hello, newNonce, readChallenge, readWelcome, type Welcome } from './handshake.ts';
import { LIMITS } from './limits.ts';
import { WIRE_VERSION, type Reply, type Request } from './messages.ts';
import type { SocketFile } from './socket-file.ts';
import { WireError, type WireErrorCode } from './wire-error.ts';

export { WireError, type WireErrorCode } from './wire-error.ts';

export interface ConnectOptions {
  readonly connectTimeoutMs?: number;
  readonly handshakeTimeoutMs?: number;
  /** The port to connect from; the kernel chooses unless it is given. */
  readonly localPort?: number;
}

/** A connection to a daemon that has proved itself. */
export interface ClientConnection {
  /**
   * Calls back with any number of `progress` and `event` replies, then with one final reply. If the
   * connection ends first, calls `onClosed` once instead.
   */
  request(request: Request, onReply: (reply: Reply) => void, onClosed: (error: WireError) => void): void;
  /** Gives up unanswered requests; no callback is called any more. */
  close(): void;
  /** Stops reading until `resume`, for a reader that does not keep up. */
  pause(): void;
  resume(): void;
}

/**
 * Connects, lets the daemon prove itself, then proves itself. Rejects with a WireError. The token does not
 * travel.
 */
export function connect(file: SocketFile, options: ConnectOptions = {}): Promise<ClientConnection> {
  return new Promise((resolve, reject) => {
    new DaemonConnection(file, options, { resolve, reject });
  });
}

/** How the log of the daemon calls this process. */
const THIS_CLIENT: Client = {
  pid: process.pid,
  program: (process.argv[1]?.split('/').at(-1) ?? 'node').slice(0, 64),
};

interface Outcome {
  readonly resolve: (connection: ClientConnection) => void;
  readonly reject: (error: WireError) => void;
}

interface Pending {
  readonly onReply: (reply: Reply) => void;
  readonly onClosed: (error: WireError) => void;
}

class DaemonConnection implements ClientConnection {
  readonly #file: SocketFile;
  readonly #socket: Socket;
  readonly #outcome: Outcome;
  readonly #decoder = new FrameDecoder();
  readonly #nonce = newNonce();
  readonly #pending = new Map<RequestId, Pending>();
  #phase: 'connecting' | 'challenge' | 'welcome' | 'open' = 'connecting';
  #end: WireError | null = null;
  /**
   * The refusal that the daemon sent when it closed the connection: it has begun none of the requests that
   * were open.
   */
  #farewell: Reply | null = null;
  #lastId: RequestId = 0;
  // The time limit of the step under way.
  #timer: NodeJS.Timeout;

  constructor(file: SocketFile, options: ConnectOptions, outcome: Outcome) {
    this.#file = file;
    this.#outcome = outcome;
    const {
      localPort,
      connectTimeoutMs = LIMITS.clientConnectTimeoutMs,
      handshakeTimeoutMs = LIMITS.clientHandshakeTimeoutMs,
    } = options;
    const from = localPort === undefined ? {} : { localPort, localAddress: file.host };
    this.#socket = dial({ host: file.host, port: file.port, noDelay: true, ...from });
    this.#timer = this.#allow(connectTimeoutMs);
    this.#socket.once('connect', () => this.#greet(handshakeTimeoutMs));
    this.#socket.on('data', (chunk) => this.#read(chunk));
    this.#socket.on('error', (error) => this.#failed(error));
    this.#socket.once('close', () => this.#left());
  }

  request(request: Request, onReply: (reply: Reply) => void, onClosed: (error: WireError) => void): void {
    if (this.#farewell !== null) return process.nextTick(onReply, this.#farewell);
    const id = this.#lastId + 1;
    const frame = encodeRequest(id, request, THIS_CLIENT);
    const error = this.#end ?? tooLong(frame);
    if (error) return process.nextTick(onClosed, error);
    this.#lastId = id;
    this.#pending.set(id, { onReply, onClosed });
    this.#socket.write(frame);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#pending.clear();
    this.#fail('closed', 'this side closed the connection');
  }

  get #at(): string {
    return `what listens on ${this.#file.host}:${this.#file.port}`;
  }

  #allow(timeoutMs: number): NodeJS.Timeout {
    return setTimeout(
      () => this.#fail('timeout', `${this.#at} did not answer within ${timeoutMs} ms`),
      timeoutMs,
    );
  }

  #greet(handshakeTimeoutMs: number): void {
    // If nothing listens on the port, the kernel may connect a socket to itself.
    if (this.#socket.localPort === this.#file.port)
      return this.#fail('refused', `nothing listens on port ${this.#file.port}: it met itself`);
    clearTimeout(this.#timer);
    this.#timer = this.#allow(handshakeTimeoutMs);
    this.#phase = 'challenge';
    this.#socket.write(hello(this.#nonce));
  }

  #read(chunk: Buffer): void {
    this.#decoder.push(chunk);
    let more = true;
    while (more) more = this.#readNext();
  }

  /** False when there is nothing more to read now. */
  #readNext(): boolean {
    if (this.#end) return false;
    const { replyFrameBytes, unprovenFrameBytes, jsonDepth } = LIMITS;
    // A daemon that has proved itself is trusted, and to count the brackets of a large reply takes a while.
    const limits =
      this.#phase === 'open'
        ? { frameBytes: replyFrameBytes, jsonDepth: Infinity }
        : { frameBytes: unprovenFrameBytes, jsonDepth };
    const frame = this.#decoder.next(limits);
    if (frame === null) return false;
    this.#take(frame);
    return true;
  }

  #take(frame: Decoded): void {
    if (frame.kind === 'broken' && this.#phase === 'open')
      return this.#fail('protocol', `the daemon sent ${frame.why}`);
    const value = frame.kind === 'json' ? frame.value : null;
    if (this.#phase === 'open') this.#takeReply(value);
    else if (this.#phase === 'welcome') this.#takeWelcome(value);
    else this.#takeChallenge(value);
  }

  #takeChallenge(value: unknown): void {
    const secret = this.#file;
    const server = readChallenge(value, secret, this.#nonce);
    if (server === null)
      return this.#fail('impostor', `${this.#at} is not the daemon that wrote the socket file`);
    this.#phase = 'welcome';
    this.#socket.write(answer(secret, { client: this.#nonce, server }));
  }

  #takeWelcome(value: unknown): void {
    const daemon = readWelcome(value);
    if (daemon === null) return this.#fail('protocol', 'the daemon broke off the handshake');
    if (daemon.wire !== WIRE_VERSION) return this.#fail('version', otherVersion(daemon));
    clearTimeout(this.#timer);
    this.#phase = 'open';
    this.#outcome.resolve(this);
  }

  #takeReply(value: unknown): void {
    const answered = readAnswered(value);
    if (answered === null) return this.#fail('protocol', 'the daemon sent what is no reply');
    const { id, reply } = answered;
    if (id === null && isFarewell(reply)) return this.#takeFarewell(reply);
    if (id === null)
      return this.#fail(
        'protocol',
        reply.kind === 'refusal'
          ? `the daemon could not read a request: ${reply.refusal.message}`
          : 'a reply to no request',
      );
    const pending = this.#pending.get(id);
    if (!pending) return this.#fail('protocol', `the daemon answered request ${id}, which is not open`);
    if (isLast(reply)) this.#pending.delete(id);
    pending.onReply(reply);
  }

  #takeFarewell(reply: Reply): void {
    this.#farewell = reply;
    const unheard = [...this.#pending.values()];
    this.#pending.clear();
    for (const { onReply } of unheard) onReply(reply);
  }

  #left(): void {
    if (this.#phase === 'welcome')
      return this.#fail('busy', 'the daemon closed the connection when both had proved themselves');
    const message =
      this.#phase === 'open'
        ? 'the daemon closed the connection'
        : `${this.#at} closed the connection during the handshake`;
    this.#fail('closed', message);
  }

  #failed(error: NodeJS.ErrnoException): void {
    // A reset while connecting means the same as one later: a daemon is listening.
    if (this.#phase === 'welcome') return this.#left();
    if (this.#phase !== 'connecting' || error.code === 'ECONNRESET')
      return this.#fail('closed', `${this.#at} broke the connection: ${error.message}`);
    this.#fail(
      error.code === 'ETIMEDOUT' ? 'timeout' : 'refused',
      `nothing could be reached on port ${this.#file.port}: ${error.message}`,
    );
  }

  #fail(code: WireErrorCode, message: string): void {
    if (this.#end) return;
    const error = new WireError(code, message);
    this.#end = error;
    clearTimeout(this.#timer);
    this.#socket.destroy();
    this.#outcome.reject(error);
    const left = [...this.#pending.values()];
    this.#pending.clear();
    for (const { onClosed } of left) onClosed(error);
  }
}

/**
 * The daemon sends this reply only when no request is open on its side: it is shutting down, or has no place
 * for this client.
 */
const isFarewell = (reply: Reply): boolean =>
  isShuttingDown(reply) || (reply.kind === 'refusal' && reply.refusal.code === 'busy');

function tooLong(frame: Buffer): WireError | null {
  const most = LIMITS.requestFrameBytes;
  if (frameBytes(frame) <= most) return null;
  return new WireError(
    'protocol',
    `the request takes ${frameBytes(frame)} bytes, more than ${most}; name fewer jobs at once`,
  );
}

function otherVersion(daemon: Welcome): string {
  const remedy = 'stop it with the overseer that started it (`overseer die`), then try again';
  return (
    `the daemon (overseer ${daemon.program}) speaks wire version ${daemon.wire}, this client ` +
    `version ${WIRE_VERSION}; ${remedy}`
  );
}
