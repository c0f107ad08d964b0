import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect as dial, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { busy } from '../../src/wire/busy.ts';
import { checkRequest } from '../../src/wire/check-request.ts';
import {
  connect,
  type ClientConnection,
  type ConnectOptions,
  type WireError,
} from '../../src/wire/client.ts';
import { RateLimitedLog } from '../../src/wire/rate-limited-log.ts';
import { FrameDecoder, encodeBytes, encodeJson, type Decoded } from '../../src/wire/frames.ts';
import {
  MAGIC,
  answer,
  challenge,
  hello,
  newNonce,
  readClientProof,
  readChallenge,
  readHello,
  readWelcome,
  welcome,
} from '../../src/wire/handshake.ts';
import { newInstance, newToken } from '../support/wire-secrets.ts';
import { LIMITS, type Limits } from '../../src/wire/limits.ts';
import { WIRE_VERSION, type Refusal, type Reply, type Request } from '../../src/wire/messages.ts';
import { listen, type Listener, type Peer } from '../../src/wire/server.ts';
import { formatSocketFile, parseSocketFile, type SocketFile } from '../../src/wire/socket-file.ts';

const TOKEN = newToken();
const INSTANCE = newInstance();
const STATUS: Request = { name: 'status', jobs: [] };
const AFTER = { frameBytes: LIMITS.requestFrameBytes, jsonDepth: LIMITS.jsonDepth };
const BEFORE = { ...AFTER, frameBytes: LIMITS.unprovenFrameBytes };

/** Computed by another program. */
const VECTORS = {
  S: 'cd905cb6e648fcb21c687601aee6581004121f544eb2f6ee8b7b5d6cd54da5be',
  C: '055a863117185fea57a5b06a004321620d47c5a9db991e597dca83741f55ab82',
};

const openThings = new Set<() => unknown>();
afterEach(async () => {
  const closing = [...openThings].map((close) => close());
  openThings.clear();
  await Promise.all(closing);
});

const died = (...stopped: string[]): Reply => ({ kind: 'answer', answer: { stopped, kept: [] } });
const progress = (done: number): Reply => ({ kind: 'progress', progress: { done, of: 9, pending: [] } });

async function until(what: string, holds: () => boolean, timeoutMs = 4_000): Promise<void> {
  for (const deadline = performance.now() + timeoutMs; !holds();) {
    if (performance.now() > deadline) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

interface Asked {
  readonly request: Request;
  readonly peer: Peer;
}

interface Daemon extends Omit<Listener, 'close'> {
  readonly close: () => Promise<void>;
  readonly asked: Asked[];
  readonly errors: string[];
  readonly file: SocketFile;
}

/** A listener that answers each request with the names it was asked for, unless told otherwise. */
async function daemon(
  limits: Partial<Limits> = {},
  onRequest: (asked: Asked) => void = echoJobs,
): Promise<Daemon> {
  const asked: Asked[] = [];
  const errors: string[] = [];
  const listener = await listen({
    token: TOKEN,
    instance: INSTANCE,
    program: '0.1.0',
    limits,
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

function echoJobs({ request, peer }: Asked): void {
  peer.reply(died(...('jobs' in request ? request.jobs : [request.name])));
}

async function client(file: SocketFile, options?: ConnectOptions): Promise<ClientConnection> {
  const connection = await connect(file, options);
  openThings.add(() => connection.close());
  return connection;
}

async function failure(connecting: Promise<ClientConnection>): Promise<string> {
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
function ask(connection: ClientConnection, request: Request): Promise<(Reply | string)[]> {
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
class Raw {
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
async function impostor(
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

/** mulberry32: small, seeded, good enough to cut a stream at odd places. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function decodeAll(chunks: readonly Buffer[]): Decoded[] {
  const decoder = new FrameDecoder();
  const frames: Decoded[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let frame = decoder.next(AFTER); frame !== null; frame = decoder.next(AFTER)) {
      frames.push(frame);
      if (frame.kind === 'broken') return frames;
    }
  }
  return frames;
}

const lengthPrefixed = (length: number, ...body: number[]): Buffer =>
  Buffer.from([length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255, ...body]);
const jsonFrame = (body: Buffer): Buffer => Buffer.concat([lengthPrefixed(1 + body.length, 0), body]);

describe('frames', () => {
  const seed = Number(process.env['WIRE_SEED'] ?? randomBytes(4).readUInt32BE());

  test(`a stream decodes to the same frames wherever it is cut (WIRE_SEED=${seed})`, () => {
    const below = random(seed);
    for (let round = 0; round < 300; round += 1) {
      const values = Array.from({ length: 1 + below(6) }, (_, index) => ({
        index,
        text: 'ü€😀"\\{['.repeat(below(300)),
        deep: [[{ ok: [true] }]],
      }));
      const bytes = Buffer.from(Array.from({ length: below(500) }, () => below(256)));
      const stream = Buffer.concat([...values.map(encodeJson), encodeBytes(bytes), encodeJson('end')]);
      const chunks: Buffer[] = [];
      for (let at = 0; at < stream.length;) {
        const size = below(4) === 0 ? below(4) : below(3_000);
        chunks.push(Buffer.from(stream.subarray(at, at + size)));
        at += size;
      }
      expect(decodeAll(chunks)).toEqual([
        ...values.map((value) => ({ kind: 'json', value })),
        { kind: 'bytes', bytes },
        { kind: 'json', value: 'end' },
      ]);
    }
  });

  test('the layout is length, type, body', () => {
    expect(encodeJson({ a: 'ü' })).toEqual(Buffer.from('0000000b007b2261223a22c3bc227d', 'hex'));
    expect(encodeBytes(Buffer.from([1, 255]))).toEqual(Buffer.from('000000030101ff', 'hex'));
  });

  test.each([
    ['0', lengthPrefixed(0), BEFORE],
    ['257 before the proof', lengthPrefixed(257), BEFORE],
    ['1 MiB + 1 after the proof', lengthPrefixed(1024 * 1024 + 1), AFTER],
    ['4 GiB - 1', lengthPrefixed(2 ** 32 - 1), AFTER],
  ])('a length of %s is refused as soon as it is read', (_, header, limits) => {
    const decoder = new FrameDecoder();
    decoder.push(header.subarray(0, 3));
    expect(decoder.next(limits)).toBeNull();
    decoder.push(header.subarray(3));
    expect(decoder.next(limits)).toMatchObject({ kind: 'broken' });
  });

  test('a frame of exactly the limit is read', () => {
    const decoder = new FrameDecoder();
    decoder.push(jsonFrame(Buffer.from(`"${'x'.repeat(253)}"`)));
    expect(decoder.next(BEFORE)).toEqual({ kind: 'json', value: 'x'.repeat(253) });
  });

  test('an unknown type breaks the stream', () => {
    expect(decodeAll([lengthPrefixed(2, 2, 0)])).toEqual([
      { kind: 'broken', why: 'a frame of unknown type 2' },
    ]);
  });

  test.each([
    ['no JSON', Buffer.from('{"a":'), 'not JSON'],
    ['nothing', Buffer.alloc(0), 'not JSON'],
    ['no UTF-8', Buffer.from('22c32822', 'hex'), 'not UTF-8'],
    ['a lone surrogate', Buffer.from('22eda08022', 'hex'), 'not UTF-8'],
    ['a byte order mark', Buffer.from('\ufeff{}'), 'not JSON'],
    ['65 arrays', Buffer.from('['.repeat(65) + ']'.repeat(65)), 'JSON nested more than 64 deep'],
    ['a million openers', Buffer.from('[{"":'.repeat(200_000)), 'JSON nested more than 64 deep'],
  ])('a body of %s is unreadable, and the stream goes on', (_, body, why) => {
    expect(decodeAll([jsonFrame(body), encodeJson(1)])).toEqual([
      { kind: 'unreadable', why },
      { kind: 'json', value: 1 },
    ]);
  });

  test('brackets within strings are no nesting, and 64 levels are allowed', () => {
    const value = ['[{'.repeat(100) + '\\"[', JSON.parse('['.repeat(63) + ']'.repeat(63))];
    expect(decodeAll([encodeJson(value)])).toEqual([{ kind: 'json', value }]);
  });
});

describe('handshake', () => {
  const secret = { token: 'ab'.repeat(32), port: 4711, instance: '01'.repeat(16) };
  const nonces = { client: Buffer.alloc(32, 0x11), server: Buffer.alloc(32, 0x22) };
  const mac = (side: string): string =>
    createHmac('sha256', Buffer.alloc(32, 0xab))
      .update(`overseer/1\0${side}\x004711\0${secret.instance}\0`)
      .update(nonces.client)
      .update(nonces.server)
      .digest('hex');
  const parse = (frame: Buffer): Record<string, unknown> =>
    JSON.parse(frame.toString('utf8', 5)) as Record<string, unknown>;

  test('each message is what docs/internals/protocol.md says', () => {
    expect(hello(nonces.client)).toEqual(
      Buffer.concat([Buffer.from('OVSR1\n'), encodeJson({ nc: '11'.repeat(32) })]),
    );
    expect(parse(challenge(secret, nonces))).toEqual({
      ns: '22'.repeat(32),
      instance: secret.instance,
      mac: mac('S'),
    });
    expect(parse(answer(secret, nonces))).toEqual({ mac: mac('C'), wire: WIRE_VERSION });
    expect(parse(welcome('0.1.0'))).toEqual({ ok: true, wire: WIRE_VERSION, program: '0.1.0' });
    expect([mac('S'), mac('C')]).toEqual([VECTORS.S, VECTORS.C]);
  });

  test('each side reads what the other wrote', () => {
    expect(readHello({ nc: '11'.repeat(32) })).toEqual(nonces.client);
    expect(readChallenge(parse(challenge(secret, nonces)), secret, nonces.client)).toEqual(nonces.server);
    expect(readClientProof(parse(answer(secret, nonces)), secret, nonces)).toBe(WIRE_VERSION);
    expect(readWelcome(parse(welcome('0.1.0')))).toEqual({ wire: WIRE_VERSION, program: '0.1.0' });
  });

  test.each([
    ['another token', { ...secret, token: 'ac'.repeat(32) }],
    ['another port', { ...secret, port: 4712 }],
    ['another instance', { ...secret, instance: '02'.repeat(16) }],
  ])('a proof for %s is no proof', (_, other) => {
    expect(readChallenge(parse(challenge(other, nonces)), secret, nonces.client)).toBeNull();
    expect(
      readChallenge({ ...parse(challenge(other, nonces)), instance: secret.instance }, secret, nonces.client),
    ).toBeNull();
    expect(readClientProof(parse(answer(other, nonces)), secret, nonces)).toBeNull();
  });

  test('a challenge that names another instance is none, whatever its proof', () => {
    expect(
      readChallenge(
        { ...parse(challenge(secret, nonces)), instance: '02'.repeat(16) },
        secret,
        nonces.client,
      ),
    ).toBeNull();
  });

  test('a proof for other nonces, or turned back on its maker, is no proof', () => {
    const old = { ...nonces, client: Buffer.alloc(32, 0x33) };
    expect(readChallenge(parse(challenge(secret, old)), secret, nonces.client)).toBeNull();
    expect(readClientProof(parse(answer(secret, old)), secret, nonces)).toBeNull();
    expect(readClientProof({ mac: mac('S'), wire: 1 }, secret, nonces)).toBeNull();
    expect(
      readChallenge({ ...parse(challenge(secret, nonces)), mac: mac('C') }, secret, nonces.client),
    ).toBeNull();
  });

  test.each([
    null,
    7,
    'x',
    [],
    {},
    { nc: 7 },
    { nc: '' },
    { nc: '11' },
    { nc: 'zz'.repeat(32) },
    { nc: 'AA'.repeat(32) },
    JSON.parse(`{"__proto__":{"nc":"${'11'.repeat(32)}"}}`),
  ])('%j is no hello', (value) => {
    expect(readHello(value)).toBeNull();
  });

  test('every message fits the limit before the proof', () => {
    const sizes = [
      hello(nonces.client),
      challenge(secret, nonces),
      answer(secret, nonces),
      welcome('10.20.30-beta.40'),
    ].map((frame) => frame.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(LIMITS.unprovenFrameBytes);
  });
});

describe('socket file', () => {
  const file: SocketFile = {
    version: 1,
    host: '127.0.0.1',
    port: 50123,
    pid: 4000,
    token: 'ab'.repeat(32),
    instance: '01'.repeat(16),
  };
  /** Exactly the five keys of contract.md. */
  const written = {
    version: 1,
    host: '127.0.0.1',
    port: 50123,
    pid: 4000,
    token: `${'ab'.repeat(32)}.${'01'.repeat(16)}`,
  };

  test('what is written reads back', () => {
    expect(formatSocketFile(file)).toBe(`${JSON.stringify(written)}\n`);
    expect(parseSocketFile(formatSocketFile(file))).toEqual(file);
    expect(parseSocketFile(JSON.stringify({ ...written, later: 1 }))).toEqual(file);
  });

  test.each<[string, unknown]>([
    ['host', 'localhost'],
    ['host', '0.0.0.0'],
    ['host', '::1'],
    ['port', 0],
    ['port', 65_536],
    ['port', 1.5],
    ['port', '50123'],
    ['pid', 0],
    ['pid', -4000],
    ['pid', 2 ** 31],
    ['token', undefined],
    ['token', 7],
    ['token', 'ab'],
    ['token', 'ab'.repeat(32)],
    ['token', `${'ab'.repeat(32)}.`],
    ['token', `${'ab'.repeat(32)}.x`],
    ['token', `.${'01'.repeat(16)}`],
    ['token', `${'AB'.repeat(32)}.${'01'.repeat(16)}`],
    ['token', `${'zz'.repeat(32)}.${'01'.repeat(16)}`],
    ['token', `${'ab'.repeat(32)}.${'01'.repeat(16)}\n`],
    ['token', `${'ab'.repeat(32)}.${'01'.repeat(16)}.${'01'.repeat(16)}`],
    ['version', 0],
    ['version', '1'],
  ])('one whose %s is %j is none', (key, value) => {
    expect(parseSocketFile(JSON.stringify({ ...written, [key]: value }))).toBeNull();
  });

  test.each([
    '',
    '{',
    'null',
    '[]',
    '7',
    '{"version":1,"host":"127.0.0.1"',
    `{"__proto__":${JSON.stringify(written)}}`,
  ])('%j is none', (text) => {
    expect(parseSocketFile(text)).toBeNull();
  });
});

describe('requests', () => {
  const good: Request[] = [
    { name: 'apply', configDir: '/c', wait: true, allowEmpty: false },
    { name: 'plan', configDir: '/c', allowEmpty: true },
    { name: 'status', jobs: ['web', 'db@1'] },
    { name: 'why', job: 'web' },
    { name: 'start', jobs: [], all: true, wait: false },
    { name: 'restart', jobs: ['web'], all: false, wait: true },
    { name: 'stop', jobs: ['web'], all: false },
    { name: 'signal', signal: 'SIGHUP', jobs: ['web'] },
    { name: 'events', jobs: ['web'], follow: true, verbose: false },
    { name: 'wait', jobs: ['web*'], state: 'running' },
    { name: 'DIE', keepJobs: true },
  ];

  test.each(good)('$name is let through as it is', (request) => {
    expect(checkRequest(JSON.parse(JSON.stringify(request)))).toEqual({ ok: true, request });
  });

  test.each(good)('$name with a field missing, of another type, or too many is refused', (request) => {
    for (const field of Object.keys(request).filter((key) => key !== 'name')) {
      const rest = Object.fromEntries(Object.entries(request).filter(([key]) => key !== field));
      expect(checkRequest(rest)).toEqual({
        ok: false,
        message: expect.stringMatching(`^${request.name}: the field ${field} is missing; it is `),
      });
      for (const wrong of [null, 7, {}, [7], [['a']], '\0', ['a\0']]) {
        expect(checkRequest({ ...request, [field]: wrong })).toEqual({
          ok: false,
          message: expect.stringMatching(`^${request.name}: ${field} must be `),
        });
      }
    }
    expect(checkRequest({ ...request, extra: 1 })).toMatchObject({
      ok: false,
      message: expect.stringContaining('unknown field "extra"'),
    });
    expect(checkRequest(JSON.parse(JSON.stringify(request).replace('{', '{"__proto__":{},')))).toMatchObject({
      ok: false,
      message: expect.stringContaining('unknown field "__proto__"'),
    });
  });

  test.each([
    null,
    undefined,
    7,
    'status',
    [],
    {},
    { name: 7 },
    { name: 'statsu' },
    { name: '__proto__' },
    { name: 'constructor' },
    { name: 'die' },
    JSON.parse('{"__proto__":{"name":"status","jobs":[]}}'),
  ])('%j is refused', (value) => {
    expect(checkRequest(value)).toMatchObject({ ok: false });
  });

  test('a refusal says what was found and what is known, and is short', () => {
    expect(checkRequest({ name: 'statsu' })).toEqual({
      ok: false,
      message:
        'unknown request "statsu"; known are apply, plan, status, why, start, restart, stop, signal, events, wait, inspect, DIE',
    });
    expect(checkRequest({ name: 'why', job: 3 })).toEqual({
      ok: false,
      message: 'why: job must be a string, not 3',
    });
    expect((checkRequest({ name: 'x'.repeat(1e6) }) as { message: string }).message.length).toBeLessThan(200);
  });
});

describe('a client and the daemon', () => {
  test('T-252 a request gets its progress and its answer, and the next one on the same connection too', async () => {
    const { file } = await daemon({}, ({ request, peer }) => {
      peer.reply(progress(1));
      peer.reply(progress(2));
      echoJobs({ request, peer });
      peer.reply(died('too late'));
    });
    const connection = await client(file);
    expect(await ask(connection, { name: 'status', jobs: ['ä'] })).toEqual([
      progress(1),
      progress(2),
      died('ä'),
    ]);
    expect(await ask(connection, { name: 'DIE', keepJobs: false })).toEqual([
      progress(1),
      progress(2),
      died('DIE'),
    ]);
  });

  test('T-244 several requests on one connection get their own replies, in whatever order they come', async () => {
    const { file, asked } = await daemon({}, () => undefined);
    const connection = await client(file);
    const answers = ['a', 'b', 'c'].map((job) => ask(connection, { name: 'status', jobs: [job] }));
    await until('three requests', () => asked.length === 3);
    for (const [index, { peer }] of asked.entries()) peer.reply(progress(index));
    for (const each of [...asked].reverse()) echoJobs(each);
    expect(await Promise.all(answers)).toEqual([
      [progress(0), died('a')],
      [progress(1), died('b')],
      [progress(2), died('c')],
    ]);
  });

  test('20,000 progress frames of one turn all arrive, in order', async () => {
    const { file } = await daemon({}, ({ peer }) => {
      for (let done = 0; done < 20_000; done += 1) peer.reply(progress(done));
      peer.reply(died());
    });
    const replies = await ask(await client(file), STATUS);
    expect(replies).toHaveLength(20_001);
    expect(replies[19_999]).toEqual(progress(19_999));
  });

  test('a refusal of the daemon ends the request', async () => {
    const refusal: Reply = {
      kind: 'refusal',
      refusal: { code: 'no-such-job', message: 'no job wbe; did you mean web?' },
    };
    const { file } = await daemon({}, ({ peer }) => peer.reply(refusal));
    expect(await ask(await client(file), STATUS)).toEqual([refusal]);
  });

  test('an answer of megabytes arrives whole, one beyond the limit becomes a refusal, progress beyond it is left out', async () => {
    const { file } = await daemon({}, ({ request, peer }) => {
      peer.reply({
        kind: 'progress',
        progress: {
          done: 0,
          of: 1,
          pending: [{ job: 'y'.repeat(LIMITS.replyFrameBytes), state: 'running' }],
        },
      });
      peer.reply(died('x'.repeat(request.name === 'status' ? 5_000_000 : LIMITS.replyFrameBytes)));
    });
    const connection = await client(file);
    expect(await ask(connection, STATUS)).toEqual([died('x'.repeat(5_000_000))]);
    expect(await ask(connection, { name: 'why', job: 'x' })).toEqual([
      {
        kind: 'refusal',
        refusal: { code: 'internal', message: expect.stringContaining('ask for fewer jobs') },
      },
    ]);
  });

  test('a request beyond the limit fails alone', async () => {
    const { file } = await daemon();
    const connection = await client(file);
    expect(await ask(connection, { name: 'why', job: 'x'.repeat(LIMITS.requestFrameBytes) })).toEqual([
      'protocol',
    ]);
    expect(await ask(connection, STATUS)).toEqual([died()]);
  });

  test('a request on a connection that has ended is told so', async () => {
    const { file, asked, close } = await daemon({}, () => undefined);
    const connection = await client(file);
    const open = ask(connection, STATUS);
    await until('the request', () => asked.length === 1);
    await close();
    expect(await open).toEqual(['closed']);
    expect(await ask(connection, STATUS)).toEqual(['closed']);
  });

  test('a daemon that leaves tells whoever has asked it nothing that it hears nothing more', async () => {
    const { file, asked, close } = await daemon();
    const [early, late] = [await client(file), await client(file)];
    await ask(early, STATUS);
    // One request is on its way while the daemon leaves, the other comes later.
    const answer = ask(early, STATUS);
    await close();
    const farewell = {
      kind: 'refusal',
      refusal: { code: 'shutting-down', message: 'the daemon is shutting down; try again in a moment' },
    };
    expect([await answer, await ask(late, STATUS), asked.length]).toEqual([[farewell], [farewell], 1]);
  });

  test('no callback is called after close', async () => {
    const { file, asked } = await daemon({}, () => undefined);
    const connection = await client(file);
    const called: string[] = [];
    connection.request(
      STATUS,
      () => called.push('reply'),
      () => called.push('closed'),
    );
    await until('the request', () => asked.length === 1);
    connection.close();
    await until('the peer is gone', () => asked[0]?.peer.gone === true);
    expect(called).toEqual([]);
  });
});

describe('what a client meets', () => {
  const quick = { connectTimeoutMs: 400, handshakeTimeoutMs: 150 };
  const fileFor = (port: number): SocketFile => ({
    version: 1,
    host: '127.0.0.1',
    port,
    pid: 4000,
    token: TOKEN,
    instance: INSTANCE,
  });
  const knowsToken = (bytes: Buffer): boolean =>
    bytes.includes(TOKEN) || bytes.includes(Buffer.from(TOKEN, 'hex')) || bytes.includes(TOKEN.slice(0, 16));

  test.each<[string, string, (socket: Socket, received: () => Buffer) => void]>([
    ['sends garbage', 'impostor', (socket) => socket.write(randomBytes(100_000))],
    ['speaks HTTP', 'impostor', (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['is silent', 'timeout', () => undefined],
    ['echoes', 'impostor', (socket) => socket.pipe(socket)],
    [
      'echoes the hello without the magic',
      'impostor',
      (socket, received) => socket.once('data', () => socket.write(received().subarray(MAGIC.length))),
    ],
    ['closes', 'closed', (socket) => socket.end()],
    ['resets', 'closed', (socket) => socket.resetAndDestroy()],
    ['closes after the hello', 'closed', (socket) => socket.once('data', () => socket.end())],
    ['sends a huge length', 'impostor', (socket) => socket.write(lengthPrefixed(2 ** 32 - 1, 0))],
    [
      'sends a length over the limit before its proof',
      'impostor',
      (socket) => socket.write(lengthPrefixed(257, 0)),
    ],
    ['sends length 0', 'impostor', (socket) => socket.write(lengthPrefixed(0))],
    ['sends half a frame and stops', 'timeout', (socket) => socket.write(lengthPrefixed(200, 0, 123))],
    ['lets everybody in', 'impostor', (socket) => socket.write(welcome('0.1.0'))],
    [
      'makes up a proof',
      'impostor',
      (socket) => socket.write(encodeJson({ ns: '11'.repeat(32), instance: INSTANCE, mac: '22'.repeat(32) })),
    ],
    [
      'has the wrong token',
      'impostor',
      (socket, received) =>
        socket.once('data', () => {
          const { nc } = JSON.parse(received().toString('utf8', MAGIC.length + 5)) as { nc: string };
          const secret = { token: newToken(), instance: INSTANCE, port: socket.localPort ?? 0 };
          socket.write(challenge(secret, { client: Buffer.from(nc, 'hex'), server: newNonce() }));
        }),
    ],
  ])('one that %s is found out as %s and never sees the token, nor a proof', async (_, code, behave) => {
    const { port, received } = await impostor(behave);
    expect(await failure(connect(fileFor(port), quick))).toBe(code);
    expect(knowsToken(received())).toBe(false);
    expect(received().includes('mac')).toBe(false);
  });

  test('a relay on another port is found out, though the real daemon answers through it', async () => {
    const real = await daemon();
    const { port, received } = await impostor((socket) => {
      const onward = dial({ port: real.port, host: '127.0.0.1' });
      onward.on('error', () => undefined);
      socket.on('close', () => onward.destroy());
      socket.pipe(onward).pipe(socket);
    });
    expect(await failure(connect(fileFor(port), quick))).toBe('impostor');
    expect(knowsToken(received())).toBe(false);
    expect(real.asked).toEqual([]);
  });

  test('another daemon on the same port is an impostor to an old socket file', async () => {
    const { file } = await daemon();
    expect(await failure(connect({ ...file, instance: newInstance() }, quick))).toBe('impostor');
    expect(await failure(connect({ ...file, token: newToken() }, quick))).toBe('impostor');
  });

  test('nothing at all is refused', async () => {
    const { file, close } = await daemon();
    await close();
    expect(await failure(connect(file, quick))).toBe('refused');
  });

  test('a port that is connected to itself counts as nothing at all', async () => {
    const { file, close } = await daemon();
    await close();
    await expect(connect(file, { ...quick, localPort: file.port })).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('met itself'),
    });
  });

  /** Proves itself as the daemon does, then does as told. */
  const traitor = (then: (socket: Socket) => void) =>
    impostor((socket, received) => {
      let hellos = 0;
      socket.on('data', () => {
        hellos += 1;
        if (hellos > 1) return then(socket);
        const { nc } = JSON.parse(received().toString('utf8', MAGIC.length + 5)) as { nc: string };
        socket.write(
          challenge(
            { ...fileFor(socket.localPort ?? 0) },
            { client: Buffer.from(nc, 'hex'), server: newNonce() },
          ),
        );
      });
    });

  test('T-245 a daemon of another wire version is told by both versions', async () => {
    const { port } = await traitor((socket) =>
      socket.end(encodeJson({ ok: true, wire: 7, program: '9.8.7' })),
    );
    await expect(connect(fileFor(port), quick)).rejects.toMatchObject({
      code: 'version',
      message: expect.stringMatching(/overseer 9\.8\.7.*wire version 7.*version 1.*overseer die/),
    });
  });

  test.each<[string, string, Buffer]>([
    ['no welcome', 'protocol', encodeJson({ ok: false })],
    ['a broken frame for a welcome', 'protocol', lengthPrefixed(0)],
  ])('a proven daemon that sends %s breaks the %s', async (_, code, bytes) => {
    const { port } = await traitor((socket) => socket.write(bytes));
    expect(await failure(connect(fileFor(port), quick))).toBe(code);
  });

  test.each<[string, Buffer]>([
    ['no JSON', jsonFrame(Buffer.from('{'))],
    ['bytes', encodeBytes(Buffer.from('x'))],
    ['too long a frame', lengthPrefixed(LIMITS.replyFrameBytes + 1)],
    ['a reply of no kind', encodeJson({ id: 1, reply: { kind: 'toString', toString: {} } })],
    ['a reply to another request', encodeJson({ id: 2, reply: died() })],
    [
      'a refusal of what it could not read',
      encodeJson({ id: null, reply: { kind: 'refusal', refusal: { code: 'bad-request', message: 'm' } } }),
    ],
  ])('a daemon that answers with %s ends the connection, and the request is told', async (_, bytes) => {
    const { port } = await traitor((socket) =>
      socket.write(socket.bytesWritten < 300 ? welcome('0.1.0') : bytes),
    );
    expect(await ask(await client(fileFor(port), quick), STATUS)).toEqual(['protocol']);
  });
});

describe('what the daemon meets', () => {
  const tlsHello = Buffer.from('16030100c8010000c40303', 'hex');

  test.each<[string, Buffer]>([
    ['GET', Buffer.from('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')],
    [
      'POST with a frame in its body',
      Buffer.concat([Buffer.from('POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\n'), hello(newNonce())]),
    ],
    ['TLS', Buffer.concat([tlsHello, randomBytes(200)])],
    ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.6\r\n')],
    ['1 MB of random bytes', Buffer.concat([Buffer.from('x'), randomBytes(1_000_000)])],
    ['another magic', Buffer.from('OVSR2\n')],
    ['a length of 4 GiB', Buffer.concat([MAGIC, lengthPrefixed(2 ** 32 - 1)])],
    ['a length of 257', Buffer.concat([MAGIC, lengthPrefixed(257)])],
    ['a length of 0', Buffer.concat([MAGIC, lengthPrefixed(0)])],
    ['bad JSON', Buffer.concat([MAGIC, jsonFrame(Buffer.from('{"nc"'))])],
    ['no UTF-8', Buffer.concat([MAGIC, jsonFrame(Buffer.from('22c32822', 'hex'))])],
    ['a short nonce', Buffer.concat([MAGIC, encodeJson({ nc: '11' })])],
    [
      '__proto__',
      Buffer.concat([MAGIC, jsonFrame(Buffer.from(`{"__proto__":{"nc":"${'11'.repeat(32)}"}}`))]),
    ],
    ['a request before the proof', Buffer.concat([MAGIC, encodeJson({ id: 1, request: STATUS })])],
  ])('%s gets no byte back, only the end', async (_, bytes) => {
    const { port, asked, errors } = await daemon({ handshakeTimeoutMs: 60_000 });
    const raw = new Raw(port);
    raw.socket.write(bytes);
    await until('closed', () => raw.closed);
    expect(raw.received).toHaveLength(0);
    expect(asked).toEqual([]);
    expect(errors).toHaveLength(1);
  });

  test('T-246 a wrong proof, or a request in its place, gets nothing after the challenge', async () => {
    const { port, file, asked } = await daemon({ handshakeTimeoutMs: 60_000 });
    const wrong = answer({ ...file, token: newToken() }, { client: newNonce(), server: newNonce() });
    for (const bytes of [wrong, encodeJson({ id: 1, request: STATUS }), jsonFrame(Buffer.from('{'))]) {
      const raw = new Raw(port);
      raw.socket.write(Buffer.concat([hello(newNonce()), bytes]));
      await until('closed', () => raw.closed);
      // Destroyed together with the challenge, or after it was sent: never anything else.
      if (raw.received.length > 0) expect(await raw.frame()).toHaveProperty('ns');
      expect(raw.decoder.next(AFTER)).toBeNull();
    }
    expect(asked).toEqual([]);
  });

  test('T-247 idle, half a magic and one byte at a time are cut by the time limit', async () => {
    const { port, errors } = await daemon({ handshakeTimeoutMs: 120 });
    const began = performance.now();
    const idle = new Raw(port);
    const half = new Raw(port);
    half.socket.write(MAGIC.subarray(0, 3));
    const slow = new Raw(port);
    const bytes = hello(newNonce());
    let sent = 0;
    const dripping = setInterval(() => slow.socket.write(bytes.subarray(sent, ++sent)), 10);
    await until('all cut', () => idle.closed && half.closed && slow.closed);
    clearInterval(dripping);
    expect(performance.now() - began).toBeGreaterThanOrEqual(115);
    expect([idle, half, slow].map((raw) => raw.received.length)).toEqual([0, 0, 0]);
    expect(errors).toEqual(Array(3).fill('no proof within 120 ms'));
  });

  test('500 idle sockets do not keep a real client out: the oldest go', async () => {
    const { port, file } = await daemon({ handshakeTimeoutMs: 60_000 });
    const idle = Array.from({ length: 500 }, () => new Raw(port));
    expect(await ask(await client(file), STATUS)).toEqual([died()]);
    // The client took the place of one of the 64 that were left.
    const newest = LIMITS.unprovenPeers - 1;
    await until('the others are closed', () => idle.filter((raw) => raw.closed).length === 500 - newest);
    expect(idle.slice(-newest).filter((raw) => raw.closed)).toEqual([]);
  });

  test('connections that come and vanish leave nothing behind', async () => {
    const { port, file } = await daemon();
    for (let round = 0; round < 200; round += 1) {
      const raw = new Raw(port);
      raw.socket.once('connect', () => (round % 2 ? raw.socket.resetAndDestroy() : raw.socket.end(MAGIC)));
    }
    expect(await ask(await client(file), STATUS)).toEqual([died()]);
  });

  test('a proven client beyond the limit finds no place, until another leaves', async () => {
    const full = await daemon({ provenPeers: 2, reservedPeers: 0 });
    const first = await client(full.file);
    await client(full.file);
    expect(full.peers).toBe(2);
    expect(await ask(await client(full.file), STATUS)).toEqual([busy(2)]);
    first.close();
    await until('a place', () => full.peers === 1);
    expect(await ask(await client(full.file), STATUS)).toEqual([died()]);
  });

  test('a client of another wire version is welcomed with ours, and let go without an answer', async () => {
    const { port, file, asked, errors } = await daemon();
    const raw = await new Raw(port).handshake(file, 7);
    raw.socket.write(encodeJson({ id: 1, request: STATUS }));
    await until('closed', () => raw.closed);
    expect(asked).toEqual([]);
    expect(errors).toEqual([`a client of wire version 7, where this daemon speaks ${WIRE_VERSION}`]);
  });

  test('a proven client that says nothing is let go; one that waits for its answer is not', async () => {
    const house = await daemon({ idleTimeoutMs: 60 }, () => undefined);
    const { file, asked } = house;
    const waiting = ask(await client(file), STATUS);
    const idle = await new Raw(file.port).handshake(file);
    await until('let go', () => idle.closed && house.peers === 1);
    asked[0]?.peer.reply(died('patience'));
    expect(await waiting).toEqual([died('patience')]);
  });

  test('T-248 malformed requests are refused one by one, and the connection goes on', async () => {
    const { port, file, asked } = await daemon();
    const raw = await new Raw(port).handshake(file);
    const refusal = (
      id: number | null,
      message: unknown = expect.any(String),
      code: Refusal['code'] = 'bad-request',
    ): unknown => ({
      id,
      reply: { kind: 'refusal', refusal: { code, message } },
    });
    const cases: [Buffer, unknown][] = [
      [
        encodeJson({ id: 1, request: { name: 'statsu' } }),
        refusal(1, expect.stringContaining('unknown request "statsu"')),
      ],
      [encodeJson({ id: 2, request: { name: 'status', jobs: [7] } }), refusal(2)],
      [
        encodeJson({ id: 3, request: { name: 'status' } }),
        refusal(3, 'status: the field jobs is missing; it is an array of strings'),
      ],
      [encodeJson({ id: 4 }), refusal(4)],
      [
        jsonFrame(Buffer.from('{"id":5,"request":{"__proto__":{"name":"DIE","keepJobs":false}}}')),
        refusal(5),
      ],
      [
        jsonFrame(Buffer.from(`{"id":6,"request":${'['.repeat(10_000)}${']'.repeat(10_000)}}`)),
        refusal(null, 'JSON nested more than 64 deep'),
      ],
      [jsonFrame(Buffer.from('{"id":7')), refusal(null, 'not JSON')],
      [jsonFrame(Buffer.from('22c32822', 'hex')), refusal(null, 'not UTF-8')],
      [encodeBytes(Buffer.from('x')), refusal(null, 'requests are JSON')],
      [encodeJson({ id: 'x', request: STATUS }), refusal(null)],
      [encodeJson({ id: -1, request: STATUS }), refusal(null)],
      [encodeJson({ request: STATUS }), refusal(null)],
      [encodeJson([]), refusal(null)],
      [encodeJson(null), refusal(null)],
    ];
    for (const [bytes, expected] of cases) {
      raw.socket.write(bytes);
      expect(await raw.frame()).toEqual(expected);
    }
    expect(asked).toEqual([]);
    raw.socket.write(encodeJson({ id: 8, request: { name: 'status', jobs: ['web'] } }));
    expect(await raw.frame()).toEqual({ id: 8, reply: died('web') });
  });

  test('T-249 a number that is in use and a request too many are refused, and the earlier ones get their answers', async () => {
    const { port, file, asked } = await daemon({ requestsInFlight: 2 }, () => undefined);
    const raw = await new Raw(port).handshake(file);
    for (const id of [1, 1, 2, 3]) raw.socket.write(encodeJson({ id, request: STATUS }));
    expect(await raw.frame()).toMatchObject({
      id: null,
      reply: { kind: 'refusal', refusal: { code: 'bad-request' } },
    });
    expect(await raw.frame()).toMatchObject({ id: 3, reply: { kind: 'refusal', refusal: { code: 'busy' } } });
    for (const { peer } of asked) peer.reply(died('later'));
    expect([await raw.frame(), await raw.frame()]).toEqual([
      { id: 1, reply: died('later') },
      { id: 2, reply: died('later') },
    ]);
    raw.socket.write(encodeJson({ id: 1, request: STATUS }));
    await until('the number is free again', () => asked.length === 3);
  });

  test('after the proof a frame over 1 MiB ends that connection alone', async () => {
    const { port, file } = await daemon();
    const other = await client(file);
    const raw = await new Raw(port).handshake(file);
    raw.socket.write(lengthPrefixed(1024 * 1024 + 1));
    await until('closed', () => raw.closed);
    expect(await ask(other, STATUS)).toEqual([died()]);
  });

  test('T-250 a client that never reads is cut once too much is queued for it', async () => {
    const { port, file, asked, errors } = await daemon({}, () => undefined);
    const raw = await new Raw(port).handshake(file);
    raw.socket.pause();
    raw.socket.write(encodeJson({ id: 1, request: STATUS }));
    await until('the request', () => asked.length === 1);
    const peer = (asked[0] as Asked).peer;
    const gone: string[] = [];
    peer.onGone(() => gone.push('gone'));
    let sent = 0;
    const pending = [{ job: 'x'.repeat(100_000), state: 'running' as const }];
    for (; !peer.gone && sent < 1_000; sent += 1)
      peer.reply({ kind: 'progress', progress: { done: 0, of: 0, pending } });
    expect(sent).toBeLessThan(200);
    await until('told', () => gone.length === 1);
    peer.reply(died());
    expect(errors).toEqual([`left more than ${LIMITS.queuedBytes} bytes unread`]);
  });

  test.each<[string, (raw: Raw) => void]>([
    ['resets', (raw) => raw.socket.resetAndDestroy()],
    ['closes', (raw) => raw.socket.destroy()],
    ['closes its half', (raw) => raw.socket.end()],
  ])(
    'a client that %s before its answer is gone, which is told once and for each request',
    async (_, leave) => {
      const { port, file, asked } = await daemon({}, () => undefined);
      const raw = await new Raw(port).handshake(file);
      for (const id of [1, 2, 3]) raw.socket.write(encodeJson({ id, request: STATUS }));
      await until('three requests', () => asked.length === 3);
      const gone: number[] = [];
      for (const [index, { peer }] of asked.entries()) peer.onGone(() => gone.push(index));
      const [answered, unanswered] = asked as [Asked, Asked];
      answered.peer.reply(died());
      expect(unanswered.peer.gone).toBe(false);
      leave(raw);
      await until('told', () => gone.length === 2);
      expect(gone).toEqual([1, 2]);
      expect(unanswered.peer.gone).toBe(true);
      unanswered.peer.reply(progress(1));
      unanswered.peer.reply(died());
      unanswered.peer.onGone(() => gone.push(99));
      expect(gone).toEqual([1, 2]);
    },
  );

  test('one that asks to be told of a peer that has just left is told at once', async () => {
    const { port, file, asked } = await daemon({ queuedBytes: 0 }, () => undefined);
    const raw = await new Raw(port).handshake(file);
    raw.socket.write(encodeJson({ id: 1, request: STATUS }));
    await until('the request', () => asked.length === 1);
    const { peer } = asked[0] as Asked;
    for (let sent = 0; !peer.gone && sent < 1_000; sent += 1) peer.reply(progress(1));
    const gone: string[] = [];
    peer.onGone(() => gone.push('gone'));
    expect(gone).toEqual(['gone']);
  });

  test('close sends the final answer, then takes nobody in', async () => {
    const big = 'x'.repeat(4_000_000);
    const { file, close } = await daemon({}, ({ peer }) => {
      peer.reply(died(big));
      void close();
    });
    expect(await ask(await client(file), { name: 'DIE', keepJobs: false })).toEqual([died(big)]);
    await close();
    expect(await failure(connect(file))).toBe('refused');
  });

  test('close does not wait for one that never reads, nor for strangers', async () => {
    const { port, file, asked, close } = await daemon(
      { flushTimeoutMs: 50, handshakeTimeoutMs: 60_000 },
      () => undefined,
    );
    const stranger = new Raw(port);
    const raw = await new Raw(port).handshake(file);
    raw.socket.pause();
    raw.socket.write(encodeJson({ id: 1, request: STATUS }));
    await until('the request', () => asked.length === 1);
    asked[0]?.peer.reply(died('x'.repeat(8_000_000)));
    await close();
    await until('the stranger is closed', () => stranger.closed);
    expect(asked[0]?.peer.gone).toBe(true);
  });

  test('token and instance of another form are a bug of the caller', async () => {
    const options = {
      token: TOKEN,
      instance: INSTANCE,
      program: '0',
      onRequest: () => undefined,
      onFailure: () => undefined,
    };
    await expect(listen({ ...options, token: 'x' })).rejects.toThrow(TypeError);
    await expect(listen({ ...options, instance: 'x' })).rejects.toThrow(TypeError);
  });

  test('complaints over the limit of a window are counted, and told with the first of the next', () => {
    const told: string[] = [];
    const complaints = new RateLimitedLog({ ...LIMITS, peerErrors: 2, peerErrorWindowMs: 100 }, (why) =>
      told.push(why),
    );
    for (const nowMs of [0, 1, 2, 99, 100, 101, 102]) complaints.add(`at ${nowMs}`, nowMs);
    expect(told).toEqual(['at 0', 'at 1', 'at 100 (and 2 more before it)', 'at 101']);
  });
});

describe('docs/internals/protocol.md', () => {
  const text = readFileSync(new URL('../../docs/internals/protocol.md', import.meta.url), 'utf8');

  test('lists every limit with its value, and no other', () => {
    const listed = [...text.matchAll(/^\| `(\w+)` \| ([\d,]+) \|/gm)].map(([, name, value]) => [
      name,
      Number(value?.replaceAll(',', '')),
    ]);
    expect(Object.fromEntries(listed)).toEqual(LIMITS);
  });

  test('has the proofs that an implementation can be checked with, and the wire version', () => {
    expect(text).toContain(`S  ${VECTORS.S}\nC  ${VECTORS.C}\n`);
    expect(text).toContain(`Wire version ${WIRE_VERSION}.`);
  });
});
