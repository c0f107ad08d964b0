import { randomBytes } from 'node:crypto';
import { connect as dial, type Socket } from 'node:net';
import { connect, type ConnectOptions } from '../../../src/wire/client.ts';
import { encodeJson } from '../../../src/wire/frames.ts';
import { MAGIC, challenge, newNonce, welcome } from '../../../src/wire/handshake.ts';
import { newInstance, newToken } from '../../support/wire-secrets.ts';
import { LIMITS } from '../../../src/wire/limits.ts';
import { type SocketFile } from '../../../src/wire/socket-file.ts';
import {
  TOKEN,
  INSTANCE,
  STATUS,
  died,
  daemon,
  PATIENT,
  client,
  failure,
  ask,
  impostor,
  Raw,
  until,
} from '../../support/wire-daemon.ts';
import { lengthPrefixed, jsonFrame } from '../../support/wire-frames.ts';

describe('what a client meets', () => {
  const quick = { connectTimeoutMs: 400, handshakeTimeoutMs: 150 };
  const limitsFor = (code: string): ConnectOptions => (code === 'timeout' ? quick : PATIENT);

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
  ])(
    'an impostor that %s is found out as %s and never sees the token, nor a proof',
    async (_, code, behave) => {
      const { port, received } = await impostor(behave);
      expect(await failure(connect(fileFor(port), limitsFor(code)))).toBe(code);
      expect(knowsToken(received())).toBe(false);
      expect(received().includes('mac')).toBe(false);
    },
  );

  test('a relay on another port is found out, though the real daemon answers through it', async () => {
    const real = await daemon();
    const { port, received } = await impostor((socket) => {
      const onward = dial({ port: real.port, host: '127.0.0.1' });
      onward.on('error', () => undefined);
      socket.on('close', () => onward.destroy());
      socket.pipe(onward).pipe(socket);
    });
    expect(await failure(connect(fileFor(port), PATIENT))).toBe('impostor');
    expect(knowsToken(received())).toBe(false);
    expect(real.asked).toEqual([]);
  });

  test('another daemon on the same port is an impostor to an old socket file', async () => {
    const { file } = await daemon();
    expect(await failure(connect({ ...file, instance: newInstance() }, PATIENT))).toBe('impostor');
    expect(await failure(connect({ ...file, token: newToken() }, PATIENT))).toBe('impostor');
  });

  test('a port where nobody listens is refused', async () => {
    const { file, close } = await daemon();
    await close();
    expect(await failure(connect(file, PATIENT))).toBe('refused');
  });

  test('a connection of a port to itself counts as a port where nobody listens', async () => {
    const { file, close } = await daemon();
    await close();
    await expect(connect(file, { ...PATIENT, localPort: file.port })).rejects.toMatchObject({
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

  test('T-245 if the daemon has another wire version, the message names both versions', async () => {
    const { port } = await traitor((socket) =>
      socket.end(encodeJson({ ok: true, wire: 7, program: '9.8.7' })),
    );
    await expect(connect(fileFor(port), PATIENT)).rejects.toMatchObject({
      code: 'version',
      message: expect.stringMatching(/overseer 9\.8\.7.*wire version 7.*version 1.*overseer die/),
    });
  });

  test.each<[string, string, Buffer]>([
    ['no welcome', 'protocol', encodeJson({ ok: false })],
    ['a broken frame for a welcome', 'protocol', lengthPrefixed(0)],
  ])('a proven daemon that sends %s breaks the %s', async (_, code, bytes) => {
    const { port } = await traitor((socket) => socket.write(bytes));
    expect(await failure(connect(fileFor(port), limitsFor(code)))).toBe(code);
  });

  test.each<[string, Buffer]>([
    ['no JSON', jsonFrame(Buffer.from('{'))],
    ['a frame of unknown type', Buffer.from('000000020178', 'hex')],
    ['too long a frame', lengthPrefixed(LIMITS.replyFrameBytes + 1)],
    ['a reply of no kind', encodeJson({ id: 1, reply: { kind: 'toString', toString: {} } })],
    ['a reply to another request', encodeJson({ id: 2, reply: died() })],
    [
      'a refusal of what it could not read',
      encodeJson({ id: null, reply: { kind: 'refusal', refusal: { code: 'bad-request', message: 'm' } } }),
    ],
  ])('a daemon that answers with %s ends the connection, and the request is reported', async (_, bytes) => {
    const { port } = await traitor((socket) =>
      socket.write(socket.bytesWritten < 300 ? welcome('0.1.0') : bytes),
    );
    expect(await ask(await client(fileFor(port)), STATUS)).toEqual(['protocol']);
  });
});

test('however a connection begins and ends, no time limit of it is left', async () => {
  const limits = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const serving = await daemon();
  const { port } = await impostor((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const gone = await daemon();
  await gone.close();
  const before = limits();
  expect(await failure(connect({ ...serving.file, port }, PATIENT))).toBe('impostor');
  expect(await failure(connect(gone.file, PATIENT))).toBe('refused');
  const connection = await connect(serving.file, PATIENT);
  expect(await ask(connection, STATUS)).toHaveLength(1);
  expect(limits()).toBe(before);
  connection.close();
  expect(limits()).toBe(before);
  const stranger = new Raw(serving.port);
  await until('the stranger is heard', () => limits() > before);
  stranger.socket.destroy();
  await until('the stranger is forgotten', () => limits() === before);
});
