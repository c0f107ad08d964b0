import type { Homes } from '../../src/homes.ts';
import type { ClientPorts, FoundSocketFile, LaunchedDaemon } from '../../src/client/ports.ts';
import type { ClientConnection } from '../../src/wire/client.ts';
import type { Reply, Request } from '../../src/wire/messages.ts';
import { formatSocketFile, type SocketFile } from '../../src/wire/socket-file.ts';
import { WireError, type WireErrorCode } from '../../src/wire/wire-error.ts';

export const HOMES: Homes = {
  config: '/home/me/.config/overseer',
  data: '/home/me/.local/share/overseer',
  home: '/home/me',
};

/** The text of a socket file; another number, another daemon. */
export function socketText(number: number): string {
  const file: SocketFile = {
    version: 1,
    host: '127.0.0.1',
    port: 5000 + number,
    pid: 100 + number,
    token: 'ab'.repeat(32),
    instance: 'cd'.repeat(16),
  };
  return formatSocketFile(file);
}

/** How a daemon behind a socket file behaves: it answers, breaks off, or cannot be reached. */
type Behaviour =
  | { readonly replies: readonly Reply[]; readonly thenCloses?: boolean }
  | { readonly unreachable: WireErrorCode };

/** What a simulated world does; everything that the client did to it is in `log`. */
export interface FakeWorld {
  readonly log: string[];
  /** Null while there is no socket file. */
  socket: FoundSocketFile;
  /** By the number of the daemon, as in its socket file. */
  readonly daemons: Map<number, Behaviour>;
  /** What each launch leads to, in order. */
  readonly launches: ((world: FakeWorld) => LaunchedDaemon)[];
  /** Whether the process runs that the socket file names. */
  writerLives: boolean;
  homesTrouble: string | null;
  hasConfig: boolean;
  removalTrouble: string | null;
}

export function fakeWorld(given: Partial<FakeWorld> = {}): FakeWorld {
  return {
    log: [],
    socket: { kind: 'missing' },
    daemons: new Map(),
    launches: [],
    writerLives: false,
    homesTrouble: null,
    hasConfig: true,
    removalTrouble: null,
    ...given,
  };
}

/** Ports to a simulated world. Its time runs as fast as it is waited for. */
export function fakePorts(world: FakeWorld): ClientPorts {
  let now = 0;
  return {
    clock: {
      monotonic: () => now,
      sinceBoot: () => now,
      wall: () => Date.UTC(2026, 0, 2) + now,
      after: (ms, callback) => {
        const handle = setImmediate(() => {
          now += ms;
          callback();
        });
        return { clear: () => clearImmediate(handle) };
      },
    },
    hasConfig: () => world.hasConfig,
    prepareData: (_, make) => {
      world.log.push(make ? 'make homes' : 'look at homes');
      return world.homesTrouble;
    },
    readSocketFile: () => world.socket,
    isAlive: () => world.writerLives,
    removeSocketFile: () => {
      world.log.push('remove socket file');
      if (world.removalTrouble === null) world.socket = { kind: 'missing' };
      return world.removalTrouble;
    },
    connect: (file) => connectTo(world, file.port - 5000),
    launchDaemon: () => {
      world.log.push('launch');
      const launch = world.launches.shift();
      if (launch === undefined) throw new Error('one launch more than the test foresaw');
      return Promise.resolve(launch(world));
    },
    attachDaemon: () => Promise.reject(new Error('no daemon is attached in this world')),
  };
}

/** Launches a daemon that writes its socket file and answers. */
export const launchOf =
  (number: number) =>
  (world: FakeWorld): LaunchedDaemon => {
    world.socket = { kind: 'text', text: socketText(number) };
    return { exitCode: () => null, ending: () => 'runs', logTail: () => '' };
  };

/** A launch of a daemon that leaves without a socket file. */
export const failedLaunch = (code: number, tail: string) => (): LaunchedDaemon => ({
  exitCode: () => code,
  ending: () => `ended with exit code ${code}`,
  logTail: () => tail,
});

function connectTo(world: FakeWorld, number: number): Promise<ClientConnection> {
  const daemon = world.daemons.get(number);
  world.log.push(`connect ${number}`);
  if (daemon === undefined) return Promise.reject(new WireError('refused', 'nothing listens'));
  if ('unreachable' in daemon)
    return Promise.reject(new WireError(daemon.unreachable, `it is ${daemon.unreachable}`));
  return Promise.resolve({
    request: (request: Request, onReply, onClosed) => {
      world.log.push(`request ${request.name}`);
      const tell = (): void => {
        for (const reply of daemon.replies) onReply(reply);
        if (daemon.thenCloses === true) onClosed(new WireError('closed', 'the daemon closed the connection'));
      };
      if (daemon.replies.length === 0) process.nextTick(tell);
      else setImmediate(tell);
    },
    close: () => world.log.push('close'),
    pause: () => world.log.push('pause'),
    resume: () => world.log.push('resume'),
  });
}
