import { connect as dial, createServer, type AddressInfo, type Socket } from 'node:net';
import { busy } from '../../../src/wire/busy.ts';
import { connect, type ClientConnection, type WireError } from '../../../src/wire/client.ts';
import { FrameDecoder } from '../../../src/wire/frames.ts';
import { challenge, hello, MAGIC, newNonce, readHello } from '../../../src/wire/handshake.ts';
import { newInstance, newToken } from '../../support/wire-secrets.ts';
import { LIMITS, type Limits } from '../../../src/wire/limits.ts';
import type { Reply, Request } from '../../../src/wire/messages.ts';
import type { Peer } from '../../../src/wire/peer.ts';
import { listen, type Listener } from '../../../src/wire/server.ts';
import type { SocketFile } from '../../../src/wire/socket-file.ts';

const token = newToken();
const instance = newInstance();
const STATUS: Request = { name: 'status', jobs: [] };
const FOLLOW: Request = { name: 'events', jobs: [], follow: true, verbose: false };
const ANSWER: Reply = { kind: 'answer', answer: { stopped: [], kept: [] } };
const EVENT = { kind: 'event', event: { detail: 'x'.repeat(10_000) } } as unknown as Reply;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
});

interface House extends Listener {
  readonly file: SocketFile;
  readonly errors: string[];
  readonly peersOf: Map<string, Peer[]>;
}

/** A daemon that answers short requests, and keeps the peers of all others waiting. */
async function house(limits: Partial<Limits>): Promise<House> {
  const errors: string[] = [];
  const peersOf = new Map<string, Peer[]>();
  const listener = await listen({
    token,
    instance,
    program: '0.1.0',
    limits,
    onRequest: ({ name }, peer) => {
      peersOf.set(name, [...(peersOf.get(name) ?? []), peer]);
      if (name === 'status') peer.reply(ANSWER);
    },
    onPeerError: (why) => errors.push(why),
    onFailure: (error) => errors.push(error.message),
  });
  ends.push(() => listener.close());
  const file = {
    version: 1,
    host: '127.0.0.1',
    port: listener.port,
    pid: process.pid,
    token,
    instance,
  } as const;
  return Object.assign(Object.create(listener) as Listener, {
    port: listener.port,
    close: () => listener.close(),
    file,
    errors,
    peersOf,
  }) as House;
}

async function client(file: SocketFile): Promise<ClientConnection> {
  const connection = await connect(file, { connectTimeoutMs: 60_000, handshakeTimeoutMs: 60_000 });
  ends.push(() => connection.close());
  return connection;
}

const answerOf = (connection: ClientConnection, request: Request): Promise<Reply | string> =>
  new Promise((resolve) => connection.request(request, resolve, (error) => resolve(error.code)));

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('a daemon with as many clients as it takes', () => {
  test('short requests find a reserved place, those that last are refused as busy', async () => {
    const { file } = await house({ provenPeers: 2, reservedPeers: 1 });
    await client(file);
    await client(file);
    const guest = await client(file);
    expect(await answerOf(guest, STATUS)).toEqual(ANSWER);
    expect(await answerOf(guest, FOLLOW)).toEqual(busy(2));
    expect(await answerOf(guest, { name: 'inspect', jobs: [] })).toEqual(busy(2));
    expect(await answerOf(guest, { name: 'wait', jobs: ['a'], state: 'running' })).toEqual(busy(2));
    expect(await answerOf(guest, STATUS)).toEqual(ANSWER);
  });

  test('a client that finds no reserved place hears that the daemon has no room', async () => {
    const { file, errors } = await house({ provenPeers: 1, reservedPeers: 1 });
    await client(file);
    await client(file);
    for (let round = 0; round < 5; round += 1)
      expect(await answerOf(await client(file), STATUS)).toEqual(busy(1));
    await until(() => errors.length === 5);
    expect(new Set(errors)).toEqual(new Set(['no place for one more client']));
  });

  test('a daemon that closes the connection once it has proved itself is busy, not gone', async () => {
    const server = createServer((socket: Socket) => {
      const decoder = new FrameDecoder();
      let isGreeted = false;
      socket
        .on('error', () => undefined)
        .on('data', (chunk) => {
          decoder.push(chunk);
          if (isGreeted) return void socket.destroy();
          if (decoder.prefix(MAGIC) !== true) return;
          isGreeted = true;
          const frame = decoder.next({ frameBytes: 1_000, jsonDepth: 3 });
          const nonce = frame?.kind === 'json' ? readHello(frame.value) : null;
          const { port } = server.address() as AddressInfo;
          if (nonce !== null)
            socket.write(challenge({ token, instance, port }, { client: nonce, server: newNonce() }));
        });
    });
    await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
    ends.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const file = { version: 1, host: '127.0.0.1', port, pid: 1, token, instance } as const;
    const code = await connect(file).then(
      () => 'connected',
      (error: WireError) => error.code,
    );
    expect(code).toBe('busy');
  });
});

describe('strangers in great numbers', () => {
  test('a client that has greeted keeps its place when silent ones come after it', async () => {
    const { port } = await house({ handshakeTimeoutMs: 60_000 });
    const isClosed = new Set<Socket>();
    const open = (): Socket => {
      const socket = dial(port, '127.0.0.1').on('error', () => undefined);
      ends.push(() => socket.destroy());
      return socket.once('close', () => isClosed.add(socket));
    };
    const greeted = open();
    greeted.write(hello(newNonce()));
    await new Promise((resolve) => greeted.once('data', resolve));
    const strangers = Array.from({ length: 2 * LIMITS.unprovenPeers }, open);
    await until(() => isClosed.size === strangers.length + 1 - LIMITS.unprovenPeers);
    expect(isClosed.has(greeted)).toBe(false);
  });
});

describe('readers that do not read', () => {
  test('the reader with the most unread is cut off when all together leave too much', async () => {
    const { file, errors, peersOf } = await house({ allQueuedBytes: 2_000_000, queuedBytes: 100_000_000 });
    const readers = await Promise.all(Array.from({ length: 4 }, () => client(file)));
    for (const reader of readers)
      reader.request(
        FOLLOW,
        () => undefined,
        () => undefined,
      );
    await until(() => peersOf.get('events')?.length === 4);
    for (const reader of readers) reader.pause();
    const peers = peersOf.get('events') ?? [];
    const fill = (peer: Peer | undefined): boolean => {
      for (let count = 0; count < 20; count += 1) peer?.reply(EVENT);
      return errors.length > 0;
    };
    // The system's own buffers take some megabytes first.
    for (let round = 0; round < 2_000 && !fill(peers[0]); round += 1) {
      if (round % 4 === 0) fill(peers[1]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(errors).toEqual([expect.stringMatching(/^left \d+ bytes unread, the most of all peers/)]);
    expect(peers.map(({ gone }) => gone)).toEqual([true, false, false, false]);
  });
});
