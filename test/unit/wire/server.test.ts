import { randomBytes } from 'node:crypto';
import { busy } from '../../../src/wire/busy.ts';
import { connect } from '../../../src/wire/client.ts';
import { encodeJson } from '../../../src/wire/frames.ts';
import { MAGIC, answer, hello, newNonce } from '../../../src/wire/handshake.ts';
import { newToken } from '../../support/wire-secrets.ts';
import { LIMITS } from '../../../src/wire/limits.ts';
import { WIRE_VERSION, type Refusal } from '../../../src/wire/messages.ts';
import { listen } from '../../../src/wire/server.ts';
import {
  TOKEN,
  INSTANCE,
  STATUS,
  AFTER,
  died,
  progress,
  until,
  type Asked,
  daemon,
  client,
  failure,
  ask,
  Raw,
} from '../../support/wire-daemon.ts';
import { lengthPrefixed, jsonFrame } from '../../support/wire-frames.ts';

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

  test('T-247 connections that are idle, or send half a magic or single bytes, end by the time limit', async () => {
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

  test('the time for the handshake does not count against a client that has proved itself', async () => {
    const { file, asked, port } = await daemon({ handshakeTimeoutMs: 120 }, () => undefined);
    const waiting = ask(await client(file), STATUS);
    // It comes later, so its time is over later too.
    const idle = new Raw(port);
    await until('the other one is cut', () => idle.closed && asked.length > 0);
    asked[0]?.peer.reply(died('patience'));
    expect(await waiting).toEqual([died('patience')]);
  });

  test('200 idle sockets do not keep a real client out: the oldest go', async () => {
    const { port, file } = await daemon({ handshakeTimeoutMs: 60_000 });
    const idle = Array.from({ length: 200 }, () => new Raw(port));
    expect(await ask(await client(file), STATUS)).toEqual([died()]);
    // The client took the place of one of the 64 that were left.
    const newest = LIMITS.unprovenPeers - 1;
    await until('the others are closed', () => idle.filter((raw) => raw.closed).length === 200 - newest);
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

  test('T-249 a number in use and a request too many are refused, and earlier ones get their answers', async () => {
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
    'a client that %s before its answer is gone, which is reported once and for each request',
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

  test('a callback for the end of a peer that has left already is called at once', async () => {
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
    const big = 'x'.repeat(3_000_000);
    const { file, close } = await daemon({}, ({ peer }) => {
      peer.reply(died(big));
      void close();
    });
    expect(await ask(await client(file), { name: 'DIE', keepJobs: false })).toEqual([died(big)]);
    await close();
    expect(await failure(connect(file))).toBe('refused');
  });

  test('close waits neither for a client that never reads nor for strangers', async () => {
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
    await expect(listen({ ...options, token: 'x' })).rejects.toThrow('token or instance is malformed');
    await expect(listen({ ...options, instance: 'x' })).rejects.toThrow('token or instance is malformed');
  });
});
