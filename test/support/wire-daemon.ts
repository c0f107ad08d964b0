import { connect as dial, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import {
  connect,
  type ClientConnection,
  type ConnectOptions,
  type WireError,
} from '../../src/wire/client.ts';
import { FrameDecoder, encodeJson, type Decoded } from '../../src/wire/frames.ts';
import { answer, hello, newNonce, readChallenge } from '../../src/wire/handshake.ts';
import { newInstance, newToken } from './wire-secrets.ts';
import { LIMITS, type Limits } from '../../src/wire/limits.ts';
import { WIRE_VERSION, type Reply, type Request } from '../../src/wire/messages.ts';
import { listen, type Listener, type Peer } from '../../src/wire/server.ts';
import { type SocketFile } from '../../src/wire/socket-file.ts';

export const TOKEN = newToken();

export const INSTANCE = newInstance();

export const STATUS: Request = { name: 'status', jobs: [] };

export const AFTER = { frameBytes: LIMITS.requestFrameBytes, jsonDepth: LIMITS.jsonDepth };

export const BEFORE = { ...AFTER, frameBytes: LIMITS.unprovenFrameBytes };

/** A busy machine is no fault of a daemon: who wants to see one that is slow gives limits of its own. */
export const PATIENT: ConnectOptions = { connectTimeoutMs: 60_000, handshakeTimeoutMs: 60_000 };

const openThings = new Set<() => unknown>();

afterEach(async () => {
  const closing = [...openThings].map((close) => close());
  openThings.clear();
  await Promise.all(closing);
});

export const died = (...stopped: string[]): Reply => ({ kind: 'answer', answer: { stopped, kept: [] } });

export const progress = (done: number): Reply => ({
  kind: 'progress',
  progress: { done, of: 9, pending: [] },
});

export async function until(what: string, holds: () => boolean, timeoutMs = 30_000): Promise<void> {
  for (const deadline = performance.now() + timeoutMs; !holds();) {
    if (performance.now() > deadline) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

export interface Asked {
  readonly request: Request;
  readonly peer: Peer;
}

export interface Daemon extends Omit<Listener, 'close'> {
  readonly close: () => Promise<void>;
  readonly asked: Asked[];
  readonly errors: string[];
  readonly file: SocketFile;
}

/** A listener that answers each request with the job names in it, unless `onRequest` does otherwise. */
export async function daemon(
  limits: Partial<Limits> = {},
  onRequest: (asked: Asked) => void = echoJobs,
): Promise<Daemon> {
  const asked: Asked[] = [];
  const errors: string[] = [];
  const listener = await listen({
    token: TOKEN,
    instance: INSTANCE,
    program: '0.1.0',
    limits: { handshakeTimeoutMs: 60_000, ...limits },
    onRequest: (request, peer) => {
      asked.push({ request, peer });
      onRequest({ request, peer });
    },
    onPeerError: (why) => errors.push(why),
    onFailure: (error) => errors.push(`FAILURE ${error.message}`),
  });
  openThings.add(() => listener.close());
  const file: SocketFile = {
    version: 1,
    host: '127.0.0.1',
    port: listener.port,
    pid: process.pid,
    token: TOKEN,
    instance: INSTANCE,
  };
  return {
    port: listener.port,
    close: () => listener.close(),
    asked,
    errors,
    file,
    get peers() {
      return listener.peers;
    },
  };
}

export function echoJobs({ request, peer }: Asked): void {
  peer.reply(died(...('jobs' in request ? request.jobs : [request.name])));
}

export async function client(file: SocketFile, options?: ConnectOptions): Promise<ClientConnection> {
  const connection = await connect(file, options ?? PATIENT);
  openThings.add(() => connection.close());
  return connection;
}

export async function failure(connecting: Promise<ClientConnection>): Promise<string> {
  const outcome = await connecting.then(
    (connection) => {
      connection.close();
      return 'connected';
    },
    (error: WireError) => error.code,
  );
  return outcome;
}

/** One request to its end: every reply, then how it ended. */
export function ask(connection: ClientConnection, request: Request): Promise<(Reply | string)[]> {
  const seen: (Reply | string)[] = [];
  return new Promise((resolve) => {
    const onReply = (reply: Reply): void => {
      seen.push(reply);
      if (reply.kind !== 'progress') resolve(seen);
    };
    connection.request(request, onReply, (error) => resolve([...seen, error.code]));
  });
}

/** A socket without any manners of its own. */
export class Raw {
  readonly socket: Socket;
  readonly decoder = new FrameDecoder();
  received = Buffer.alloc(0);
  closed = false;

  constructor(port: number) {
    this.socket = dial({ port, host: '127.0.0.1' });
    openThings.add(() => this.socket.destroy());
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => (this.closed = true));
    this.socket.on('data', (chunk) => {
      this.received = Buffer.concat([this.received, chunk]);
      this.decoder.push(chunk);
    });
  }

  async frame(): Promise<unknown> {
    let frame: Decoded | null = null;
    await until(
      'a frame',
      () => (frame ??= this.decoder.next({ ...AFTER, frameBytes: LIMITS.replyFrameBytes })) !== null,
    );
    const { kind, value } = frame as unknown as { kind: string; value: unknown };
    expect(kind).toBe('json');
    return value;
  }

  async handshake(file: SocketFile, wire = WIRE_VERSION): Promise<this> {
    const nonce = newNonce();
    this.socket.write(hello(nonce));
    const server = readChallenge(await this.frame(), file, nonce);
    if (!server) throw new Error('no challenge');
    const proof = answer(file, { client: nonce, server });
    this.socket.write(encodeJson({ ...(JSON.parse(proof.toString('utf8', 5)) as object), wire }));
    expect(await this.frame()).toEqual({ ok: true, wire: WIRE_VERSION, program: '0.1.0' });
    return this;
  }
}

/** Something else that listens on a port; `received` is everything that anybody told it. */
export async function impostor(
  behave: (socket: Socket, received: () => Buffer) => void,
): Promise<{ port: number; received: () => Buffer }> {
  let received = Buffer.alloc(0);
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => (received = Buffer.concat([received, chunk])));
    behave(socket, () => received);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  openThings.add(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const socket of sockets) socket.destroy();
      }),
  );
  return { port: (server.address() as AddressInfo).port, received: () => received };
}
