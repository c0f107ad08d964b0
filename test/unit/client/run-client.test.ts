import type { ClientResult } from '../../../machines/client.ts';
import { runClient, type ClientRun } from '../../../src/client/run-client.ts';
import type { Progress, Reply, Transition } from '../../../src/wire/messages.ts';
import {
  failedLaunch,
  fakePorts,
  fakeWorld,
  HOMES,
  launchOf,
  socketText,
  type FakeWorld,
} from '../../support/fake-client.ts';

const ANSWER: Reply = { kind: 'answer', answer: { ok: true, changes: [], problems: [] } };

const PROGRESS: Progress = { done: 1, of: 2, pending: [{ job: 'web', state: 'starting' }] };

const NO_DAEMON = { ok: false, error: 'NoDaemonError' } as const;

interface Walk {
  readonly states: string;
  readonly result: ClientResult;
  readonly log: readonly string[];
}

async function walk(world: FakeWorld, given: Partial<ClientRun> = {}): Promise<Walk> {
  const states: string[] = [];
  const screen = {
    showProgress: (progress: Progress) => world.log.push(`progress ${progress.done}`),
    print: (reply: Reply) => Promise.resolve(world.log.push(`print ${reply.kind}`) > 0),
  };
  const request = { name: 'apply', configDir: HOMES.config, wait: true, allowEmpty: false } as const;
  const run: ClientRun = {
    request,
    mayLaunch: true,
    homes: HOMES,
    ports: fakePorts(world),
    screen,
    ...given,
  };
  const { result } = await runClient(run, (step) => states.push(String(step.after.value)));
  return { states: states.join(' '), result, log: world.log };
}

const withDaemon = (given: Partial<FakeWorld> = {}): FakeWorld =>
  fakeWorld({
    socket: { kind: 'text', text: socketText(1) },
    daemons: new Map([[1, { replies: [ANSWER] }]]),
    ...given,
  });

test('a running daemon is asked, and its answer printed after the socket is closed', async () => {
  const world = withDaemon({
    daemons: new Map([[1, { replies: [{ kind: 'progress', progress: PROGRESS }, ANSWER] }]]),
  });
  expect(await walk(world)).toEqual({
    states:
      'InitHomes CheckSocketExists OpenSocket SendRequest ReadResponse ReadResponse CloseSocket PrintResponse Done',
    result: { ok: true },
    log: ['make homes', 'connect 1', 'request apply', 'progress 1', 'close', 'print answer'],
  });
});

test('a client without a daemon launches one', async () => {
  const world = fakeWorld({ launches: [launchOf(1)], daemons: new Map([[1, { replies: [ANSWER] }]]) });
  expect(await walk(world)).toEqual({
    states:
      'InitHomes CheckSocketExists LaunchDaemon OpenSocket SendRequest ReadResponse CloseSocket PrintResponse Done',
    result: { ok: true },
    log: ['make homes', 'launch', 'connect 1', 'request apply', 'close', 'print answer'],
  });
});

test('a client ends when the homes cannot be made', async () => {
  const result = { ok: false, error: 'InitHomesError', detail: 'no room' };
  expect(await walk(fakeWorld({ homesTrouble: 'no room' }))).toEqual({
    states: 'InitHomes Done',
    result,
    log: ['make homes'],
  });
});

test('a command that only asks launches nothing and removes nothing', async () => {
  const asking = { mayLaunch: false };
  expect(await walk(fakeWorld(), asking)).toEqual({
    states: 'InitHomes CheckSocketExists Done',
    result: { ...NO_DAEMON, detail: 'no daemon is running' },
    log: ['look at homes'],
  });
  expect(await walk(withDaemon({ daemons: new Map() }), asking)).toEqual({
    states: 'InitHomes CheckSocketExists OpenSocket Done',
    result: { ...NO_DAEMON, detail: 'nothing listens' },
    log: ['look at homes', 'connect 1'],
  });
});

test.each([
  ['that nobody listens behind', { kind: 'text', text: socketText(1) } as const, ['connect 1']],
  ['that is cut in half', { kind: 'text', text: '{"version":1,' } as const, []],
  ['that others can write', { kind: 'unusable', detail: 'others can write it' } as const, []],
])('a socket file %s is removed and a daemon launched', async (_, socket, before) => {
  const world = fakeWorld({
    socket,
    launches: [launchOf(2)],
    daemons: new Map([[2, { replies: [ANSWER] }]]),
  });
  expect(await walk(world)).toEqual({
    states:
      'InitHomes CheckSocketExists OpenSocket DeleteSocketFile LaunchDaemon OpenSocket SendRequest ReadResponse CloseSocket PrintResponse Done',
    result: { ok: true },
    log: [
      'make homes',
      ...before,
      'remove socket file',
      'launch',
      'connect 2',
      'request apply',
      'close',
      'print answer',
    ],
  });
});

test('a socket file that another client has replaced is left alone and used', async () => {
  const world = withDaemon({ daemons: new Map([[2, { replies: [ANSWER] }]]) });
  const ports = fakePorts(world);
  const connect: typeof ports.connect = (file) => {
    if (world.socket.kind === 'text' && world.socket.text === socketText(1))
      world.socket = { kind: 'text', text: socketText(2) };
    return ports.connect(file);
  };
  expect(await walk(world, { ports: { ...ports, connect } })).toEqual({
    states:
      'InitHomes CheckSocketExists OpenSocket DeleteSocketFile LaunchDaemon OpenSocket SendRequest ReadResponse CloseSocket PrintResponse Done',
    result: { ok: true },
    log: ['make homes', 'connect 1', 'connect 2', 'request apply', 'close', 'print answer'],
  });
});

test('a daemon that is slow keeps its socket file and is tried again while it holds the lock', async () => {
  const world = withDaemon({
    daemons: new Map([[1, { unreachable: 'timeout' }]]),
    launches: Array.from({ length: 5 }, () => failedLaunch(75, '')),
  });
  const { result, log } = await walk(world);
  expect(result).toEqual({ ok: false, error: 'DaemonLaunchError', detail: 'it is timeout' });
  expect(log.filter((line) => line === 'remove socket file')).toEqual([]);
  expect(log.filter((line) => line === 'launch')).toHaveLength(5);
});

test('T-216 a daemon of another version keeps its socket file, and no second one is launched', async () => {
  const world = withDaemon({ daemons: new Map([[1, { unreachable: 'version' }]]) });
  expect(await walk(world)).toEqual({
    states: 'InitHomes CheckSocketExists OpenSocket DeleteSocketFile LaunchDaemon Done',
    result: { ok: false, error: 'DaemonLaunchError', detail: 'it is version' },
    log: ['make homes', 'connect 1'],
  });
});

test('a daemon that ends at once fails the launch with what it logged', async () => {
  const world = fakeWorld({ launches: [failedLaunch(70, 'line one\nline two')] });
  expect(await walk(world)).toEqual({
    states: 'InitHomes CheckSocketExists LaunchDaemon Done',
    result: {
      ok: false,
      error: 'DaemonLaunchError',
      detail: 'the daemon ended with exit code 70; it logged:\nline one\nline two',
    },
    log: ['make homes', 'launch'],
  });
});

test('a daemon that finds the lock held is waited for, since another one comes up', async () => {
  let looks = 0;
  const launch = (world: FakeWorld) => ({
    exitCode: () => {
      looks += 1;
      if (looks === 3) world.socket = { kind: 'text', text: socketText(2) };
      return 75;
    },
    ending: () => 'ended with exit code 75',
    logTail: () => '',
  });
  const world = fakeWorld({ launches: [launch], daemons: new Map([[2, { replies: [ANSWER] }]]) });
  expect((await walk(world)).result).toEqual({ ok: true });
});

test('a daemon that writes no socket file is given up after 15 seconds', async () => {
  const world = fakeWorld({
    launches: [() => ({ exitCode: () => null, ending: () => 'runs', logTail: () => 'adopting' })],
  });
  const detail = 'the daemon is not reachable after 15 s; it logged:\nadopting';
  expect((await walk(world)).result).toEqual({ ok: false, error: 'DaemonLaunchError', detail });
});

test('daemons that are never reachable are launched five times at most', async () => {
  const world = fakeWorld({ launches: [1, 2, 3, 4, 5].map(launchOf) });
  const { result, log } = await walk(world);
  expect(result).toEqual({ ok: false, error: 'DaemonLaunchError', detail: 'nothing listens' });
  expect(log.filter((line) => line === 'launch')).toHaveLength(5);
});

test('a client ends when its request cannot be sent, and closes the socket', async () => {
  const world = withDaemon({ daemons: new Map([[1, { replies: [], thenCloses: true }]]) });
  expect(await walk(world)).toEqual({
    states: 'InitHomes CheckSocketExists OpenSocket SendRequest CloseSocket Done',
    result: { ok: false, error: 'SocketSendError', detail: 'the daemon closed the connection' },
    log: ['make homes', 'connect 1', 'request apply', 'close'],
  });
});

test('a client ends when the daemon breaks off before its answer, and closes the socket', async () => {
  const world = withDaemon({
    daemons: new Map([[1, { replies: [{ kind: 'progress', progress: PROGRESS }], thenCloses: true }]]),
  });
  expect(await walk(world)).toEqual({
    states: 'InitHomes CheckSocketExists OpenSocket SendRequest ReadResponse ReadResponse CloseSocket Done',
    result: { ok: false, error: 'SocketReadError', detail: 'the daemon closed the connection' },
    log: ['make homes', 'connect 1', 'request apply', 'progress 1', 'close'],
  });
});

test.each([
  ['before it has begun', () => AbortSignal.abort(), 0],
  ['while it listens', (later: AbortController) => later.signal, 1],
])('a request that is broken off %s ends, and the socket is closed', async (_, signalOf, events) => {
  const later = new AbortController();
  // The daemon goes on telling without an answer, as for `events --follow`.
  const event: Reply = { kind: 'event', event: { detail: 'told' } as Transition };
  const world = withDaemon({ daemons: new Map([[1, { replies: [event] }]]) });
  const screen = {
    showProgress: () => {},
    showEvent: () => later.abort(),
    print: () => Promise.resolve(true),
  };
  const { result, log } = await walk(world, { screen, interrupted: signalOf(later) });
  expect(result).toEqual({ ok: false, error: 'SocketReadError', detail: 'it was broken off' });
  expect([log.at(-1), later.signal.aborted]).toEqual(['close', events === 1]);
});

test('a reader that has left does not make the request fail', async () => {
  const screen = { showProgress: () => {}, print: () => Promise.resolve(false) };
  expect((await walk(withDaemon(), { screen })).result).toEqual({ ok: true });
});

test('a bug in an effect rejects instead of hanging', async () => {
  await expect(walk(fakeWorld())).rejects.toThrow('one launch more than the test foresaw');
});
