import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { formatSocketFile } from '../../../src/wire/socket-file.ts';
import type { SocketFile } from '../../../src/wire/socket-file.ts';
import { Home, OVERSEERD, awaited, ended, isAlive, walked, within } from './home.ts';
import { Impostor } from './impostor.ts';
import type { Step } from './steps.ts';

export const web = '[[jobs]]\nname = "web"\njob_command = "sleep 1000"\nstart_seconds = 0\n';

/** Steps as their log has them, one a word: `Success InitHomes -> OpenSocket`. */
export const inWords = (steps: readonly Step[] | undefined): readonly string[] =>
  (steps ?? []).map(({ event, from, to }) => `${event} ${from} -> ${to}`);

const DAEMON_BEGINS = ['Success InitHomes -> OpenSocket', 'Success OpenSocket -> ReceiveRequest'];

const SERVES = [
  'Success ReceiveRequest -> ProcessRequest',
  'Other ProcessRequest -> SendResponse',
  'Success SendResponse -> ReceiveRequest',
];

const DIES = ['Success ReceiveRequest -> ProcessRequest', 'DIE ProcessRequest -> Exit'];

export const FINDS_FILE = [
  'Success InitHomes -> CheckSocketExists',
  'Success CheckSocketExists -> OpenSocket',
];

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
export type Seen =
  | { readonly chart: 'client'; readonly mayLaunch: boolean; readonly steps: readonly Step[] }
  | { readonly chart: 'daemon'; readonly steps: readonly Step[] };

/**
 * The ways in which the world brings every transition of both charts about; each holds the whole walk against
 * what was expected.
 */
export const WAYS = {
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
      stderr: `overseer: no daemon is running, and there is no config in ${home.config}; \`overseer init\` writes a first one\n`,
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
    home.write('jobs.toml', web);
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
    home.write('jobs.toml', web);
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
    home.write('jobs.toml', web);
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
  'the reader has left before the answer comes': async (home) => {
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
    const [run = []] = home.daemons();
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

export type Way = keyof typeof WAYS;

const client = (steps: readonly Step[], mayLaunch: boolean): Seen => ({
  chart: 'client',
  mayLaunch,
  steps,
});

const daemonOf = (steps: readonly Step[] | undefined): Seen => ({
  chart: 'daemon',
  steps: steps ?? [],
});

export const socketText = (home: Home): string => readFileSync(join(home.data, 'socket'), 'utf8');

/** A socket file as a daemon on that port would have left it; another one each time. */
export function writeSocket(home: Home, port: number): SocketFile {
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
  await home.killDaemon();
  return text;
}
