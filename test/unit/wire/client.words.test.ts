import type { Socket } from 'node:net';
import { connect, type WireError } from '../../../src/wire/client.ts';
import { FrameDecoder, encodeJson } from '../../../src/wire/frames.ts';
import { MAGIC, challenge, newNonce, readHello, welcome } from '../../../src/wire/handshake.ts';
import { LIMITS } from '../../../src/wire/limits.ts';
import type { SocketFile } from '../../../src/wire/socket-file.ts';
import {
  INSTANCE,
  PATIENT,
  STATUS,
  TOKEN,
  client,
  daemon,
  died,
  impostor,
  progress,
  until,
} from '../../support/wire-daemon.ts';
import { lengthPrefixed } from '../../support/wire-frames.ts';

const fileFor = (port: number): SocketFile => ({
  version: 1,
  host: '127.0.0.1',
  port,
  pid: 4000,
  token: TOKEN,
  instance: INSTANCE,
});

const said = (connecting: Promise<unknown>): Promise<string> =>
  connecting.then(
    () => 'connected',
    ({ code, message }: WireError) => `${code}: ${message}`,
  );

/** Proves itself as the daemon does; then sends each of these, one for each thing that it hears. */
const proven = (...then: ((socket: Socket) => unknown)[]) =>
  impostor((socket) => {
    const decoder = new FrameDecoder();
    const left = [...then];
    let isGreeted = false;
    socket.on('data', (chunk) => {
      if (isGreeted) return void left.shift()?.(socket);
      decoder.push(chunk);
      isGreeted = decoder.prefix(MAGIC) === true;
      const hello = decoder.next({ frameBytes: 256, jsonDepth: 3 });
      const nonce = hello?.kind === 'json' ? readHello(hello.value) : null;
      if (nonce !== null)
        socket.write(challenge(fileFor(socket.localPort ?? 0), { client: nonce, server: newNonce() }));
    });
  });

test('a client says what listens on the port, and what it did in place of a handshake', async () => {
  const told = async (behave: (socket: Socket) => unknown, options = PATIENT): Promise<string> => {
    const { port } = await impostor((socket) => void behave(socket));
    return (await said(connect(fileFor(port), options))).replaceAll(String(port), 'N');
  };
  const who = 'what listens on 127.0.0.1:N';
  expect(await told((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))).toBe(
    `impostor: ${who} is not the daemon that wrote the socket file`,
  );
  expect(await told(() => undefined, { ...PATIENT, handshakeTimeoutMs: 50 })).toBe(
    `timeout: ${who} did not answer within 50 ms`,
  );
  expect(await told((socket) => socket.once('data', () => socket.end()))).toBe(
    `closed: ${who} closed the connection during the handshake`,
  );
  expect(await told((socket) => socket.once('data', () => socket.resetAndDestroy()))).toBe(
    `closed: ${who} broke the connection: read ECONNRESET`,
  );
});

test('a client says that nothing could be reached, with the reason of the system', async () => {
  const { file, port, close } = await daemon();
  await close();
  expect(await said(connect(file, PATIENT))).toBe(
    `refused: nothing could be reached on port ${port}: connect ECONNREFUSED 127.0.0.1:${port}`,
  );
  expect(await said(connect(file, { ...PATIENT, localPort: port }))).toBe(
    `refused: nothing listens on port ${port}: it met itself`,
  );
});

test('a client says how a daemon that has proved itself broke the handshake off', async () => {
  const told = async (behave: (socket: Socket) => unknown): Promise<string> => {
    const { port } = await proven(behave);
    return said(connect(fileFor(port), PATIENT));
  };
  expect(await told((socket) => socket.write(encodeJson({ ok: false })))).toBe(
    'protocol: the daemon broke off the handshake',
  );
  const busy = 'busy: the daemon closed the connection when both had proved themselves';
  expect([await told((socket) => socket.end()), await told((socket) => socket.resetAndDestroy())]).toEqual([
    busy,
    busy,
  ]);
  expect(await told((socket) => socket.write(encodeJson({ ok: true, wire: 7, program: '9.8.7' })))).toBe(
    'version: the daemon (overseer 9.8.7) speaks wire version 7, this client version 1; ' +
      'stop it with the overseer that started it (`overseer die`), then try again',
  );
});

test('a client says what was wrong with the reply of a daemon', async () => {
  const told = async (bytes: Buffer | null): Promise<string> => {
    const { port } = await proven(
      (socket) => socket.write(welcome('0.1.0')),
      (socket) => (bytes === null ? socket.end() : socket.write(bytes)),
    );
    const connection = await client(fileFor(port));
    return said(new Promise((resolve, reject) => connection.request(STATUS, resolve, reject)));
  };
  const refusal = { kind: 'refusal', refusal: { code: 'bad-request', message: 'not JSON' } };
  expect(await told(null)).toBe('closed: the daemon closed the connection');
  expect(await told(lengthPrefixed(0))).toBe('protocol: the daemon sent a frame of length 0');
  expect(await told(encodeJson({}))).toBe('protocol: the daemon sent what is no reply');
  expect(await told(encodeJson({ id: 7, reply: died() }))).toBe(
    'protocol: the daemon answered request 7, which is not open',
  );
  expect(await told(encodeJson({ id: null, reply: died() }))).toBe('protocol: a reply to no request');
  expect(await told(encodeJson({ id: null, reply: refusal }))).toBe(
    'protocol: the daemon could not read a request: not JSON',
  );
});

test('the message names the size of a too long request, and who closed a connection', async () => {
  const { file } = await daemon();
  const connection = await client(file);
  const ask = (job: string): Promise<string> =>
    said(new Promise((resolve, reject) => connection.request({ name: 'why', job }, resolve, reject)));
  expect(await ask('x'.repeat(LIMITS.requestFrameBytes))).toMatch(
    /^protocol: the request takes 1048\d\d\d bytes, more than 1048576; name fewer jobs at once$/,
  );
  connection.close();
  expect(await ask('web')).toBe('closed: this side closed the connection');
});

test('a client that pauses reads nothing until it goes on', async () => {
  const { file, asked } = await daemon({}, () => undefined);
  const connection = await client(file);
  const heard: string[] = [];
  connection.request(
    STATUS,
    ({ kind }) => heard.push(kind),
    () => heard.push('closed'),
  );
  await until('the request', () => asked.length === 1);
  connection.pause();
  const { peer } = asked[0]!;
  peer.reply(progress(1));
  // The reply of another client has come round meanwhile.
  const other = await client(file);
  const seen: string[] = [];
  other.request(
    STATUS,
    ({ kind }) => seen.push(kind),
    () => undefined,
  );
  await until('the other request', () => asked.length === 2);
  asked[1]?.peer.reply(died());
  await until('the other answer', () => seen.length === 1);
  expect(heard).toEqual([]);
  connection.resume();
  peer.reply(died());
  await until('the answer', () => heard.length === 2);
  expect(heard).toEqual(['progress', 'answer']);
});
