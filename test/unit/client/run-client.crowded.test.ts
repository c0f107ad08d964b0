import { runClient, type ClientRun } from '../../../src/client/run-client.ts';
import { LIMITS } from '../../../src/wire/limits.ts';
import { NO_ROOM } from '../../../src/wire/busy.ts';
import type { Reply, Transition } from '../../../src/wire/messages.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { WireError } from '../../../src/wire/wire-error.ts';
import {
  failedLaunch,
  fakePorts,
  fakeWorld,
  HOMES,
  socketText,
  type FakeWorld,
} from '../../support/fake-client.ts';

const ANSWER: Reply = { kind: 'answer', answer: { stopped: [], kept: [] } };

const withDaemon = (given: Partial<FakeWorld>): FakeWorld =>
  fakeWorld({ socket: { kind: 'text', text: socketText(1) }, writerLives: true, ...given });

const runOf = (world: FakeWorld, given: Partial<ClientRun> = {}): ClientRun => ({
  request: { name: 'status', jobs: [] },
  mayLaunch: true,
  homes: HOMES,
  ports: fakePorts(world),
  screen: { showProgress: () => undefined, print: () => Promise.resolve(true) },
  ...given,
});

describe('a daemon that many want to talk to', () => {
  test.each([true, false])(
    'a daemon that proved itself and takes nobody in is busy; its file stays (launching: %s)',
    async (mayLaunch) => {
      const world = withDaemon({ daemons: new Map([[1, { unreachable: 'busy' }]]) });
      const { result, reply } = await runClient(runOf(world, { mayLaunch }));
      expect({ result, reply }).toEqual({ result: { ok: true }, reply: NO_ROOM });
      expect(world.log.filter((line) => /remove|launch/.test(line))).toEqual([]);
      expect(world.log.filter((line) => line === 'connect 1')).toHaveLength(11);
    },
  );

  test('a connection that is broken off is tried once more, without a longer wait', async () => {
    const world = withDaemon({ daemons: new Map([[1, { replies: [ANSWER] }]]) });
    const ports = fakePorts(world);
    let tries = 0;
    const connect: typeof ports.connect = (file) => {
      tries += 1;
      return tries < 4 ? Promise.reject(new WireError('closed', 'it closed')) : ports.connect(file);
    };
    const { reply } = await runClient(runOf(world, { ports: { ...ports, connect } }));
    expect({ tries, reply }).toEqual({ tries: 4, reply: ANSWER });
  });

  test('a listener that breaks off every connection may be the daemon: the socket file stays', async () => {
    const world = withDaemon({
      daemons: new Map([[1, { unreachable: 'closed' }]]),
      launches: Array.from({ length: 5 }, () => failedLaunch(75, '')),
    });
    const { result, deadEnd } = await runClient(runOf(world));
    expect(result).toMatchObject({ ok: false, error: 'DaemonLaunchError' });
    expect(deadEnd?.code).toBe('timeout');
    expect(world.log).not.toContain('remove socket file');
  });

  test('where the process of the socket file is gone, nothing is tried twice', async () => {
    const world = withDaemon({ writerLives: false, daemons: new Map([[1, { unreachable: 'closed' }]]) });
    const { result } = await runClient(runOf(world, { mayLaunch: false }));
    expect(result).toMatchObject({ ok: false, error: 'NoDaemonError' });
    expect(world.log.filter((line) => line === 'connect 1')).toHaveLength(1);
  });
});

test('a reader that does not keep up makes the daemon wait, and no event is lost', async () => {
  const events = Array.from({ length: 600 }, (_, index): Reply => ({
    kind: 'event',
    event: { detail: `${index}` } as Transition,
  }));
  const world = withDaemon({ daemons: new Map([[1, { replies: [...events, ANSWER] }]]) });
  const taken: string[] = [];
  const read: (() => void)[] = [];
  const showEvent = ({ detail }: Transition): Promise<void> => {
    taken.push(detail);
    return new Promise((resolve) => read.push(resolve));
  };
  const run = runOf(world, { request: { name: 'events', jobs: [], follow: true, verbose: false } });
  await runClient({ ...run, screen: { ...run.screen, showEvent } });
  expect(world.log).toContain('pause');
  expect(world.log).not.toContain('resume');
  expect(taken).toHaveLength(600);
  for (const resolve of read) resolve();
});

describe('a daemon that is slow to answer', () => {
  test('T-1708 a daemon that lives is waited for longer, and a slow one is remarked upon once', async () => {
    const world = withDaemon({ daemons: new Map([[1, { replies: [ANSWER] }]]) });
    const clock = new FakeClock();
    const ports = fakePorts(world);
    const waits: (number | undefined)[] = [];
    let isReached: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => {
      isReached = resolve;
    });
    const connect: typeof ports.connect = async (file, options = {}) => {
      waits.push(options.handshakeTimeoutMs ?? LIMITS.clientHandshakeTimeoutMs);
      await reached;
      return ports.connect(file);
    };
    let remarks = 0;
    const screen = {
      showProgress: () => undefined,
      print: () => Promise.resolve(true),
      showSlow: () => void (remarks += 1),
    };
    const running = runClient(runOf(world, { ports: { ...ports, clock, connect }, screen }));
    await Promise.resolve();
    clock.advance(1_999);
    expect(remarks).toBe(0);
    clock.advance(1);
    clock.advance(5_000);
    expect(remarks).toBe(1);
    isReached();
    expect((await running).reply).toEqual(ANSWER);
    expect(waits).toEqual([10_000]);
  });

  test('a daemon that has answered is remarked upon no more, however long its request takes', async () => {
    const world = withDaemon({ daemons: new Map([[1, { replies: [ANSWER] }]]) });
    const clock = new FakeClock();
    let remarks = 0;
    const screen = {
      showProgress: () => undefined,
      print: () => Promise.resolve(true),
      showSlow: () => void (remarks += 1),
    };
    await runClient(runOf(world, { ports: { ...fakePorts(world), clock }, screen }));
    clock.advance(60_000);
    expect([remarks, clock.pending]).toEqual([0, 0]);
  });

  test('T-1709 where the process that wrote the socket file is gone, nobody is waited for so long', async () => {
    const world = withDaemon({ writerLives: false, daemons: new Map([[1, { unreachable: 'timeout' }]]) });
    const ports = fakePorts(world);
    const waits: unknown[] = [];
    const connect: typeof ports.connect = (file, options) => {
      waits.push(options);
      return ports.connect(file);
    };
    await runClient(runOf(world, { mayLaunch: false, ports: { ...ports, connect } }));
    const wait = LIMITS.clientStrangerTimeoutMs;
    expect(waits).toEqual([{ connectTimeoutMs: wait, handshakeTimeoutMs: wait }]);
  });
});
