import { jest } from '@jest/globals';
import { Server } from 'node:net';
import { busy } from '../../../src/wire/busy.ts';
import { encodeJson } from '../../../src/wire/frames.ts';
import { listen, type Listener } from '../../../src/wire/server.ts';
import {
  INSTANCE,
  STATUS,
  TOKEN,
  PATIENT,
  Raw,
  ask,
  client,
  daemon,
  died,
  failure,
  until,
} from '../../support/wire-daemon.ts';
import { connect } from '../../../src/wire/client.ts';

afterEach(() => jest.restoreAllMocks());

/** A daemon, and the socket of the system that it listens on. */
async function listening() {
  const listen = jest.spyOn(Server.prototype, 'listen');
  const house = await daemon();
  const server = listen.mock.contexts.at(-1) as Server;
  const fails = (syscall: string, code: string): boolean =>
    server.emit('error', Object.assign(new Error(`${syscall} ${code}`), { syscall, code }));
  return { house, server, fails };
}

test('a connection that the system cannot accept is told of, and the daemon goes on', async () => {
  const { house, server, fails } = await listening();
  for (const code of ['EMFILE', 'ENFILE', 'ENOMEM', 'ECONNABORTED']) fails('accept', code);
  expect(house.errors).toEqual(['accept EMFILE', 'accept ENFILE', 'accept ENOMEM', 'accept ECONNABORTED']);
  expect(server.listening).toBe(true);
  expect(await ask(await client(house.file), STATUS)).toEqual([died()]);
});

test.each([
  ['accept', 'EBADF'],
  ['listen', 'EMFILE'],
])('a socket that fails to %s with %s is closed, and that is said', async (syscall, code) => {
  const { house, server, fails } = await listening();
  fails(syscall, code);
  expect(house.errors).toEqual([`FAILURE ${syscall} ${code}`]);
  expect(server.listening).toBe(false);
  expect(await failure(connect(house.file, PATIENT))).toBe('refused');
});

test('a daemon that nobody asked to be told of strangers drops them all the same', async () => {
  const listener: Listener = await listen({
    token: TOKEN,
    instance: INSTANCE,
    program: '0.1.0',
    onRequest: () => undefined,
    onFailure: () => undefined,
  });
  const raw = new Raw(listener.port);
  raw.socket.write('GET /');
  await until('closed', () => raw.closed);
  const [closing, again] = [listener.close(), listener.close()];
  expect(closing).toBe(again);
  await closing;
});

test('the port is that of the loopback address alone', async () => {
  const { house, server } = await listening();
  expect(server.address()).toEqual({ address: '127.0.0.1', family: 'IPv4', port: house.port });
});

test('a drop says why: not the protocol, a malformed hello, a wrong proof, or too long a frame', async () => {
  const { port, file, errors } = await daemon();
  const send = async (bytes: Buffer): Promise<void> => {
    const raw = new Raw(port);
    raw.socket.write(bytes);
    await until('closed', () => raw.closed);
  };
  await send(Buffer.from('GET / HTTP/1.1'));
  await send(Buffer.concat([Buffer.from('OVSR1\n'), encodeJson({})]));
  const proof = new Raw(port);
  proof.socket.write(
    Buffer.concat([Buffer.from('OVSR1\n'), encodeJson({ nc: '11'.repeat(32) }), encodeJson({})]),
  );
  await until('closed', () => proof.closed);
  const proven = await new Raw(port).handshake(file);
  proven.socket.write(Buffer.from('7fffffff', 'hex'));
  await until('closed', () => proven.closed);
  await until('told', () => errors.length === 4);
  expect(errors).toEqual([
    'not the overseer protocol',
    'a malformed hello',
    'a wrong proof: it does not have the token',
    'a frame of 2147483647 bytes where 1048576 are allowed',
  ]);
});

test('the oldest stranger that gives its place to a newer one is told of as such', async () => {
  const { port, errors } = await daemon({ unprovenPeers: 2 });
  const strangers: Raw[] = [];
  for (let count = 0; count < 3; count += 1) {
    const raw = new Raw(port);
    await new Promise((resolve) => raw.socket.once('connect', resolve));
    strangers.push(raw);
  }
  await until('one is closed', () => strangers[0]?.closed === true);
  expect(errors).toEqual(['2 newer connections without a proof']);
  expect(strangers.map(({ closed }) => closed)).toEqual([true, false, false]);
});

test('a client that finds no room is welcomed, told so without being asked, and let go', async () => {
  const { port, file, errors } = await daemon({ provenPeers: 1, reservedPeers: 0 });
  await client(file);
  const raw = await new Raw(port).handshake(file);
  expect(await raw.frame()).toEqual({ id: null, reply: busy(1) });
  expect(busy(1).refusal.message).toBe(
    'overseerd has no room for another client (1 are connected); end one, such as an `events -f`, ' +
      'or try again in a moment',
  );
  await until('closed', () => raw.closed);
  expect(errors).toEqual(['no place for one more client']);
});
