import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { AnyStateMachine } from 'xstate';
import { clientMachine } from '../../machines/client.ts';
import { daemonMachine } from '../../machines/daemon.ts';
import { graphOf } from '../../src/chart/graph.ts';
import { formatSocketFile } from '../../src/wire/socket-file.ts';
import type { SocketFile } from '../../src/wire/socket-file.ts';
import { Home, OVERSEERD, awaited, ended, isAlive, kill, walked, within } from './support/home.ts';
import { BEHAVIOURS, Impostor } from './support/impostor.ts';
import type { Step } from './support/steps.ts';
import { daemonRuns, transitionsTaken } from './support/steps.ts';

const LIMIT_MS = 60_000;
const web = '[[jobs]]\nname = "web"\njob_command = "sleep 1000"\nstart_seconds = 0\n';

/** Steps as their log has them, one a word: `Success InitHomes -> OpenSocket`. */
const inWords = (steps: readonly Step[] | undefined): readonly string[] =>
  (steps ?? []).map(({ event, from, to }) => `${event} ${from} -> ${to}`);

const DAEMON_BEGINS = ['Success InitHomes -> OpenSocket', 'Success OpenSocket -> ReceiveRequest'];
const SERVES = [
  'Success ReceiveRequest -> ProcessRequest',
  'Other ProcessRequest -> SendResponse',
  'Success SendResponse -> ReceiveRequest',
];
const DIES = ['Success ReceiveRequest -> ProcessRequest', 'DIE ProcessRequest -> Exit'];

const FINDS_FILE = ['Success InitHomes -> CheckSocketExists', 'Success CheckSocketExists -> OpenSocket'];
const FINDS_NONE = ['Success InitHomes -> CheckSocketExists', 'Failure CheckSocketExists -> LaunchDaemon'];
const ANSWERED = [
  'Success ReadResponse -> CloseSocket',
  'Success CloseSocket -> PrintResponse',
  'Success PrintResponse -> Done',
];
const SENDS = ['Success OpenSocket -> SendRequest', 'Success SendRequest -> ReadResponse'];
const ASKS = [...SENDS, ...ANSWERED];
const TRIGGERS = [...SENDS, 'Progress ReadResponse -> ReadResponse', ...ANSWERED];

/** What a real client or daemon went through. */
type Seen =
  | { readonly chart: 'client'; readonly mayLaunch: boolean; readonly steps: readonly Step[] }
  | { readonly chart: 'daemon'; readonly steps: readonly Step[] };

/** The ways in which the world brings every transition of both charts about; each holds the whole walk against what was expected. */
const WAYS = {
  'a daemon is started, asked and told to die': async (home) => {
    home.write('jobs.toml', web);
    const first = await home.walk();
    expect([first.code, first.stderr, inWords(first.steps)]).toEqual([
      0,
      '',
      [...FINDS_NONE, 'Success LaunchDaemon -> OpenSocket', ...TRIGGERS],
    ]);
    const second = await home.walk('status');
    expect([second.code, second.stderr, inWords(second.steps)]).toEqual([0, '', [...FINDS_FILE, ...ASKS]]);
    const third = await home.walk('die');
    expect([third.code, inWords(third.steps)]).toEqual([0, [...FINDS_FILE, ...TRIGGERS]]);
    await daemonGone(home);
    const [daemon] = home.daemons();
    expect(inWords(daemon)).toEqual([
      ...DAEMON_BEGINS,
      ...SERVES,
      ...SERVES,
      ...DIES,
      'Success Exit -> Done',
    ]);
    return [
      client(first.steps, true),
      client(second.steps, false),
      client(third.steps, false),
      daemonOf(daemon),
    ];
  },
  'nothing was ever started': async (home) => {
    const { code, stdout, stderr, steps } = await home.walk('status');
    expect({ code, stdout, stderr }).toEqual({
      code: 3,
      stdout: '',
      stderr: 'overseer: no daemon is running; `overseer` starts one\n',
    });
    expect(inWords(steps)).toEqual([
      'Success InitHomes -> CheckSocketExists',
      'Failure CheckSocketExists -> Done',
    ]);
    expect(existsSync(home.data)).toBe(false);
    return [client(steps, false)];
  },
  'a file stands where the data folder belongs': async (home) => {
    mkdirSync(join(home.data, '..'));
    writeFileSync(home.data, '');
    const { code, stderr, steps } = await home.walk();
    expect({ code, stdout: '', stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^overseer: [^\n]*data folder [^\n]*\/data\/overseer[^\n]*\n$/) as string,
    });
    expect(inWords(steps)).toEqual(['Failure InitHomes -> Done']);
    return [client(steps, true)];
  },
  'the journal is of a newer version': async (home) => {
    mkdirSync(home.data, { recursive: true });
    const journal = join(home.data, 'state.journal');
    writeFileSync(journal, newerJournal());
    const { code, stderr, steps } = await home.walk();
    expect(code).toBe(1);
    expect(stderr).toContain('was written by a newer overseer');
    expect(inWords(steps)).toEqual([...FINDS_NONE, 'Failure LaunchDaemon -> Done']);
    expect(readFileSync(journal, 'utf8')).toBe(newerJournal());
    const [daemon] = home.daemons();
    expect(inWords(daemon)).toEqual(['Failure InitHomes -> Exit', 'Success Exit -> Done']);
    return [client(steps, true), daemonOf(daemon)];
  },
  'a folder with something in it stands where the socket file belongs': async (home) => {
    const folder = join(home.data, 'socket', 'mine');
    mkdirSync(folder, { recursive: true });
    const { code, stderr, steps } = await home.walk();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^overseer: cannot reach or start the daemon: the daemon ended with exit code 1/);
    expect(inWords(steps)).toEqual([
      ...FINDS_FILE,
      'Failure OpenSocket -> DeleteSocketFile',
      'Failure DeleteSocketFile -> LaunchDaemon',
      'Failure LaunchDaemon -> Done',
    ]);
    expect(existsSync(folder)).toBe(true);
    const [daemon] = home.daemons();
    expect(inWords(daemon)).toEqual([
      'Success InitHomes -> OpenSocket',
      'Failure OpenSocket -> Exit',
      'Success Exit -> Done',
    ]);
    return [client(steps, true), daemonOf(daemon)];
  },
  'the daemon was killed and its socket file is still there': async (home) => {
    home.write('jobs.toml', web);
    await home.apply();
    const { pid } = await home.job('web');
    const stale = await killDaemon(home);
    const asked = await home.walk('status');
    expect([asked.code, inWords(asked.steps)]).toEqual([3, [...FINDS_FILE, 'Failure OpenSocket -> Done']]);
    expect(socketText(home)).toBe(stale);
    const triggered = await home.walk();
    expect([triggered.code, inWords(triggered.steps)]).toEqual([
      0,
      [
        ...FINDS_FILE,
        'Failure OpenSocket -> DeleteSocketFile',
        'Success DeleteSocketFile -> LaunchDaemon',
        'Success LaunchDaemon -> OpenSocket',
        ...ASKS,
      ],
    ]);
    expect((await home.job('web')).pid).toBe(pid);
    return [client(asked.steps, false), client(triggered.steps, true)];
  },
  'another program writes a new socket file each time somebody comes': async (home) => {
    mkdirSync(home.data, { recursive: true });
    const impostor: Impostor = await Impostor.begin((socket) => {
      writeSocket(home, impostor.port);
      socket.end('who are you?');
    });
    writeSocket(home, impostor.port);
    const { code, stderr, steps } = await home.walk();
    await impostor.end();
    const again = [
      'Failure OpenSocket -> DeleteSocketFile',
      'Failure DeleteSocketFile -> LaunchDaemon',
      'Success LaunchDaemon -> OpenSocket',
    ];
    expect(inWords(steps)).toEqual([
      ...FINDS_FILE,
      ...again,
      ...again,
      ...again,
      ...again,
      ...again,
      'Failure OpenSocket -> Done',
    ]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^overseer: cannot reach or start the daemon: .* is not the daemon/),
    ]);
    expect(home.daemons()).toEqual([]);
    return [client(steps, true)];
  },
  'a request is too long to be sent': async (home) => {
    home.write('jobs.toml', web);
    await home.apply();
    const names = Array.from({ length: 12 }, (_, index) => `${index}`.repeat(100_000 / `${index}`.length));
    const { code, stderr, steps } = await home.walk('status', ...names);
    expect(inWords(steps)).toEqual([
      ...FINDS_FILE,
      'Success OpenSocket -> SendRequest',
      'Failure SendRequest -> CloseSocket',
      'Success CloseSocket -> Done',
    ]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^overseer: the request could not be sent: the request takes \d+ bytes/),
    ]);
    expect((await home.job('web')).state).toBe('running');
    return [client(steps, false)];
  },
  'the daemon is killed before it has answered': async (home) => {
    home.write('jobs.toml', web.replace('start_seconds = 0', 'start_seconds = 1000'));
    const walk = home.walk();
    await home.serving();
    const { pid } = await home.until('web', (job) => job.pid !== null);
    await killDaemon(home);
    const { code, stderr, steps } = await walk;
    expect(inWords(steps)).toEqual([
      ...FINDS_NONE,
      'Success LaunchDaemon -> OpenSocket',
      ...SENDS,
      'Progress ReadResponse -> ReadResponse',
      'Failure ReadResponse -> CloseSocket',
      'Success CloseSocket -> Done',
    ]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^overseer: no answer: [^\n]*; `overseer status` says how things are\n$/),
    ]);
    expect(isAlive(pid ?? 0)).toBe(true);
    return [client(steps, true)];
  },
  'whoever reads has left before the answer comes': async (home) => {
    home.write('jobs.toml', web);
    await home.apply();
    const child = home.begin({ OVERSEER_DEBUG: '1' }, 'status');
    child.stdout.destroy();
    const { code, stderr, steps } = walked(await ended(child));
    expect([code, stderr]).toEqual([0, '']);
    expect(inWords(steps)).toEqual([...FINDS_FILE, ...ASKS.with(-1, 'Failure PrintResponse -> Done')]);
    return [client(steps, false)];
  },
  'the data folder is moved away': async (home) => {
    const daemon = home.spawn(OVERSEERD, []);
    const gone = ended(daemon);
    await home.serving();
    home.write('jobs.toml', web);
    const { changes } = await home.apply();
    renameSync(home.data, home.path('moved'));
    const { code, stderr } = await within(gone, 'the daemon to end');
    const [run = []] = daemonRuns(stderr);
    expect(inWords(run)).toEqual([
      ...DAEMON_BEGINS,
      ...SERVES,
      'Failure ReceiveRequest -> Exit',
      'Success Exit -> Done',
    ]);
    expect([code, stderr.split('\n').at(-2)]).toEqual([
      1,
      'overseerd: the data folder was removed or replaced',
    ]);
    expect(isAlive(changes[0]?.pid ?? 0)).toBe(true);
    return [daemonOf(run)];
  },
  'a folder took the place of the socket file before the daemon dies': async (home) => {
    const daemon = home.spawn(OVERSEERD, []);
    const gone = ended(daemon);
    const path = join(home.data, 'socket');
    await home.serving();
    rmSync(path);
    mkdirSync(join(path, 'mine'), { recursive: true });
    daemon.kill('SIGTERM');
    const { code, stderr } = await gone;
    expect(inWords(home.daemons()[0])).toEqual([...DAEMON_BEGINS, ...DIES, 'Failure Exit -> Done']);
    expect([code, stderr.includes('    at ')]).toEqual([0, false]);
    expect(existsSync(join(path, 'mine'))).toBe(true);
    return [daemonOf(home.daemons()[0])];
  },
} as const satisfies Readonly<Record<string, (home: Home) => Promise<readonly Seen[]>>>;

type Way = keyof typeof WAYS;

/** Which way brings each transition about. A transition that is missing here fails its test. */
const DAEMON_WAYS: Readonly<Record<string, Way>> = {
  'daemon.Start always 0': 'a daemon is started, asked and told to die',
  'daemon.InitHomes Success 0': 'a daemon is started, asked and told to die',
  'daemon.InitHomes Failure 0': 'the journal is of a newer version',
  'daemon.OpenSocket Success 0': 'a daemon is started, asked and told to die',
  'daemon.OpenSocket Failure 0': 'a folder with something in it stands where the socket file belongs',
  'daemon.ReceiveRequest Success 0': 'a daemon is started, asked and told to die',
  'daemon.ReceiveRequest Failure 0': 'the data folder is moved away',
  'daemon.ProcessRequest DIE 0': 'a daemon is started, asked and told to die',
  'daemon.ProcessRequest Other 0': 'a daemon is started, asked and told to die',
  'daemon.SendResponse Success 0': 'a daemon is started, asked and told to die',
  'daemon.Exit Success 0': 'a daemon is started, asked and told to die',
  'daemon.Exit Failure 0': 'a folder took the place of the socket file before the daemon dies',
};

const CLIENT_WAYS: Readonly<Record<string, Way>> = {
  'client.Start always 0': 'a daemon is started, asked and told to die',
  'client.InitHomes Success 0': 'a daemon is started, asked and told to die',
  'client.InitHomes Failure 0': 'a file stands where the data folder belongs',
  'client.CheckSocketExists Success 0': 'a daemon is started, asked and told to die',
  'client.CheckSocketExists Failure 0': 'a daemon is started, asked and told to die',
  'client.CheckSocketExists Failure 1': 'nothing was ever started',
  'client.OpenSocket Success 0': 'a daemon is started, asked and told to die',
  'client.OpenSocket Failure 0': 'the daemon was killed and its socket file is still there',
  'client.OpenSocket Failure 1': 'the daemon was killed and its socket file is still there',
  'client.OpenSocket Failure 2': 'another program writes a new socket file each time somebody comes',
  'client.SendRequest Success 0': 'a daemon is started, asked and told to die',
  'client.SendRequest Failure 0': 'a request is too long to be sent',
  'client.CloseSocket Success 0': 'a daemon is started, asked and told to die',
  'client.CloseSocket Success 1': 'the daemon is killed before it has answered',
  'client.DeleteSocketFile Success 0': 'the daemon was killed and its socket file is still there',
  'client.DeleteSocketFile Failure 0': 'a folder with something in it stands where the socket file belongs',
  'client.LaunchDaemon Success 0': 'a daemon is started, asked and told to die',
  'client.LaunchDaemon Failure 0': 'the journal is of a newer version',
  'client.ReadResponse Success 0': 'a daemon is started, asked and told to die',
  'client.ReadResponse Failure 0': 'the daemon is killed before it has answered',
  'client.ReadResponse Progress 0': 'a daemon is started, asked and told to die',
  'client.PrintResponse Success 0': 'a daemon is started, asked and told to die',
  'client.PrintResponse Failure 0': 'whoever reads has left before the answer comes',
  'client.Exit always 0': 'a daemon is started, asked and told to die',
};

/** Transitions that no real world brings about, and why; test/host/daemon.test.ts has them with a simulated one. */
const NOT_FOR_REAL: Readonly<Record<string, string>> = {
  'daemon.SendResponse Failure 0':
    'from the request that was received to its response the daemon does not wait, so the listening socket cannot be seen to fail in between',
};

const walks = new Map<Way, Promise<readonly Seen[]>>();

/** What a way went through; it is gone once, whoever asks. */
function walkOf(way: Way): Promise<readonly Seen[]> {
  const walk = walks.get(way) ?? walkAnew(way);
  walks.set(way, walk);
  return walk;
}

async function walkAnew(way: Way): Promise<readonly Seen[]> {
  const home = new Home();
  try {
    return await WAYS[way](home);
  } finally {
    await home.dispose();
  }
}

/** The transitions of a chart that a way took. */
async function takenBy(way: Way, machine: AnyStateMachine): Promise<readonly string[]> {
  return (await walkOf(way)).flatMap((seen) => {
    if (seen.chart !== machine.id) return [];
    if (seen.chart === 'daemon') return transitionsTaken(daemonMachine, undefined, seen.steps);
    return transitionsTaken(clientMachine, { mayLaunch: seen.mayLaunch }, seen.steps);
  });
}

/** Each arrow of a chart with the title of its test: its rule, itself, and how it comes about. */
function arrowsOf(machine: AnyStateMachine, ways: Readonly<Record<string, Way>>) {
  return graphOf(machine).edges.map(({ id, from, to, name, meta }) => {
    const way = ways[id];
    const arrow = `${meta.spec ?? 'refined:'} ${stateOf(from)}${name === '' ? '' : `: ${name}`} -> ${stateOf(to)}`;
    return {
      id,
      way,
      title:
        way === undefined
          ? `${arrow}, never for real: ${NOT_FOR_REAL[id] ?? 'no way is known'}`
          : `${arrow}, when ${way}`,
    };
  });
}

const stateOf = (id: string): string => id.split('.').at(-1) ?? id;

// It takes ten seconds, in which the others can go on.
beforeAll(() => void walkOf('the data folder is moved away').catch(() => undefined));

describe.each([
  { name: 'daemon', machine: daemonMachine as AnyStateMachine, ways: DAEMON_WAYS },
  { name: 'client', machine: clientMachine as AnyStateMachine, ways: CLIENT_WAYS },
])('the $name chart, for real', ({ machine, ways }) => {
  const arrows = arrowsOf(machine, ways);

  test('each of its arrows has a way, or a reason why there is none', () => {
    const explained = Object.keys(NOT_FOR_REAL).filter((id) => id.startsWith(`${machine.id}.`));
    expect([...Object.keys(ways), ...explained].toSorted()).toEqual(arrows.map(({ id }) => id).toSorted());
  });

  for (const { id, title, way } of arrows) {
    if (way === undefined) test.skip(title, () => undefined);
    else test(title, async () => expect(await takenBy(way, machine)).toContain(id), LIMIT_MS);
  }
});

describe('what listens where a dead daemon did', () => {
  test.each(Object.entries(BEHAVIOURS))(
    'T-170 C-7 a program that %s learns nothing, and only a command that may start a daemon replaces the socket file',
    async (_, behave) => {
      const home = new Home();
      const impostor = await Impostor.begin(behave);
      try {
        home.write('jobs.toml', web);
        mkdirSync(home.data, { recursive: true });
        const file = writeSocket(home, impostor.port);
        const isSilent = behave === BEHAVIOURS['is silent'] || behave === BEHAVIOURS['announces 4 GiB'];
        const asked = await home.walk('status');
        expect([asked.code === 0, inWords(asked.steps)]).toEqual([
          false,
          [...FINDS_FILE, 'Failure OpenSocket -> Done'],
        ]);
        expect(socketText(home)).toBe(formatSocketFile(file));
        const triggered = await home.walk();
        expect([triggered.code, inWords(triggered.steps).slice(2, 5)]).toEqual([
          0,
          [
            'Failure OpenSocket -> DeleteSocketFile',
            `${isSilent && triggered.steps[3]?.event === 'Failure' ? 'Failure' : 'Success'} DeleteSocketFile -> LaunchDaemon`,
            'Success LaunchDaemon -> OpenSocket',
          ],
        ]);
        expect((await home.status()).jobs.map(({ state }) => state)).toEqual(['running']);
        expect(impostor.received).not.toContain(file.token);
        expect(impostor.received).not.toContain(Buffer.from(file.token, 'hex').toString('latin1'));
      } finally {
        await impostor.end();
        await home.dispose();
      }
    },
    LIMIT_MS,
  );
});

const client = (steps: readonly Step[], mayLaunch: boolean): Seen => ({ chart: 'client', mayLaunch, steps });
const daemonOf = (steps: readonly Step[] | undefined): Seen => ({ chart: 'daemon', steps: steps ?? [] });

const socketText = (home: Home): string => readFileSync(join(home.data, 'socket'), 'utf8');

/** A socket file as a daemon on that port would have left it; another one each time. */
function writeSocket(home: Home, port: number): SocketFile {
  tokens += 1;
  const file = {
    version: 1,
    host: '127.0.0.1',
    port,
    pid: 99_999,
    token: hex(tokens, 64),
    instance: hex(tokens, 32),
  } as const;
  rmSync(join(home.data, 'socket'), { force: true });
  writeFileSync(join(home.data, 'socket'), formatSocketFile(file), { mode: 0o600 });
  return file;
}

let tokens = 0xabc000;
const hex = (number: number, length: number): string => number.toString(16).padStart(length, '5a');

/** The header of a journal of another version, with the checksum that makes it a header. */
function newerJournal(): string {
  const json = JSON.stringify({ v: 99 });
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
}

async function daemonGone(home: Home): Promise<void> {
  await awaited(async () => (home.processes().length === 0 ? true : null), 'the daemon gone');
}

/** Ends the daemon as no program can foresee; returns the socket file that it leaves. */
async function killDaemon(home: Home): Promise<string> {
  const text = socketText(home);
  const { pid } = JSON.parse(text) as SocketFile;
  kill(pid, 'SIGKILL');
  await awaited(async () => (isAlive(pid) ? null : true), 'the daemon gone');
  return text;
}
