import { runClient, type ClientRun } from '../../../src/client/run-client.ts';
import type { Inspection, Reply, Transition } from '../../../src/wire/messages.ts';
import {
  fakePorts,
  fakeWorld,
  failedLaunch,
  HOMES,
  launchOf,
  socketText,
  type FakeWorld,
} from '../../support/fake-client.ts';
import { until } from '../../support/until.ts';

const ANSWER: Reply = { kind: 'answer', answer: { events: [] } };
const event = (at: number): Reply => ({ kind: 'event', event: { id: String(at) } as Transition });
const inspection: Reply = { kind: 'inspection', inspection: { id: 'web' } as Inspection };

const withDaemon = (replies: readonly Reply[], given: Partial<FakeWorld> = {}): FakeWorld =>
  fakeWorld({
    socket: { kind: 'text', text: socketText(1) },
    daemons: new Map([[1, { replies }]]),
    ...given,
  });

const runOf = (
  world: FakeWorld,
  screen: Partial<ClientRun['screen']> = {},
  given: Partial<ClientRun> = {},
): ClientRun => ({
  request: { name: 'events', jobs: [], follow: true, verbose: false },
  mayLaunch: false,
  homes: HOMES,
  ports: fakePorts(world),
  screen: { showProgress: () => undefined, print: () => Promise.resolve(true), ...screen },
  ...given,
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

test('events and inspections are shown in their order, and missed by a screen that shows none', async () => {
  const shown: string[] = [];
  const replies = [event(1), inspection, event(2), ANSWER];
  const { result } = await runClient(
    runOf(withDaemon(replies), {
      showEvent: ({ id }) => void shown.push(`event ${id}`),
      showInspection: ({ id }) => void shown.push(`inspection ${id}`),
    }),
  );
  expect([shown, result]).toEqual([['event 1', 'inspection web', 'event 2'], { ok: true }]);
  expect((await runClient(runOf(withDaemon(replies)))).result).toEqual({ ok: true });
});

test('a daemon is paused while much is unread, and goes on when half of it is read', async () => {
  const world = withDaemon(Array.from({ length: 256 }, (_, at) => event(at)));
  const reads: (() => void)[] = [];
  const interrupted = new AbortController();
  const showEvent = (): Promise<void> => new Promise((resolve) => reads.push(resolve));
  const running = runClient(runOf(world, { showEvent }, { interrupted: interrupted.signal }));
  const flow = (): readonly string[] => world.log.filter((line) => /pause|resume/.test(line));
  const read = async (count: number): Promise<void> => {
    for (const each of reads.splice(0, count)) each();
    await settled();
  };
  await until(() => reads.length === 256);
  expect(flow()).toEqual(['pause']);
  await read(127);
  expect(flow()).toEqual(['pause']);
  await read(1);
  expect(flow()).toEqual(['pause', 'resume']);
  await read(128);
  expect(flow()).toEqual(['pause', 'resume']);
  interrupted.abort();
  expect((await running).result).toMatchObject({ ok: false, error: 'SocketReadError' });
});

test('a reader that keeps up never pauses the daemon', async () => {
  const many = Array.from({ length: 255 }, (_, at) => event(at));
  const world = withDaemon([...many, ANSWER]);
  await runClient(runOf(world, { showEvent: () => new Promise(() => undefined) }));
  expect(world.log.filter((line) => /pause|resume/.test(line))).toEqual([]);
});

test('a socket file that is damaged or cannot be trusted leads nowhere, and the reason is kept', async () => {
  const end = async (socket: FakeWorld['socket']): Promise<unknown> => {
    const { result, deadEnd } = await runClient(runOf(fakeWorld({ socket })));
    return [result.ok, deadEnd?.code, deadEnd?.detail];
  };
  expect(await end({ kind: 'text', text: 'nonsense' })).toEqual([
    false,
    'unreadable',
    'the socket file is damaged',
  ]);
  expect(await end({ kind: 'unusable', detail: 'it is a pipe' })).toEqual([
    false,
    'unreadable',
    'it is a pipe',
  ]);
});

test('a socket file that goes between the two looks at it is told as gone', async () => {
  const world = withDaemon([ANSWER]);
  const ports = fakePorts(world);
  let looks = 0;
  const readSocketFile: typeof ports.readSocketFile = (homes) => {
    looks += 1;
    return looks === 1 ? ports.readSocketFile(homes) : { kind: 'missing' };
  };
  const { deadEnd } = await runClient(runOf(world, {}, { ports: { ...ports, readSocketFile } }));
  expect(deadEnd?.detail).toBe('the socket file is gone');
});

test('a failure of a connection that is no error of the wire is told by its text', async () => {
  const world = withDaemon([ANSWER]);
  const connect = (): Promise<never> => Promise.reject(new TypeError('odd'));
  const { deadEnd } = await runClient(runOf(world, {}, { ports: { ...fakePorts(world), connect } }));
  expect([deadEnd?.code, deadEnd?.detail]).toEqual(['closed', 'TypeError: odd']);
});

test('a crowded daemon is not tried again once the caller has broken off', async () => {
  const interrupted = new AbortController();
  const world = withDaemon([], { daemons: new Map([[1, { unreachable: 'busy' }]]), writerLives: true });
  interrupted.abort();
  await runClient(runOf(world, {}, { interrupted: interrupted.signal }));
  expect(world.log.filter((line) => line === 'connect 1').length).toBe(1);
});

const launching = (world: FakeWorld): ClientRun => runOf(world, {}, { mayLaunch: true });

test('a daemon that left for another one with the folder is launched again after a while', async () => {
  const world = fakeWorld({
    launches: [failedLaunch(75, ''), launchOf(1)],
    daemons: new Map([[1, { replies: [ANSWER] }]]),
  });
  const { result } = await runClient(launching(world));
  expect(result).toEqual({ ok: true });
  expect(world.log.filter((line) => line === 'launch').length).toBe(2);
});

test('a daemon that ends at its launch is told with what it logged, where it logged something', async () => {
  const detail = async (tail: string): Promise<unknown> => {
    const { result } = await runClient(launching(fakeWorld({ launches: [failedLaunch(1, tail)] })));
    return result.ok ? null : result.detail;
  };
  expect(await detail('no room')).toBe('the daemon ended with exit code 1; it logged:\nno room');
  expect(await detail('')).toBe('the daemon ended with exit code 1');
});

test('a daemon that shows no socket file for fifteen seconds is not reachable', async () => {
  const silent = { exitCode: () => null, ending: () => 'runs', logTail: () => 'busy' };
  const { result } = await runClient(launching(fakeWorld({ launches: [() => silent] })));
  expect(result).toMatchObject({
    ok: false,
    detail: 'the daemon is not reachable after 15 s; it logged:\nbusy',
  });
});
