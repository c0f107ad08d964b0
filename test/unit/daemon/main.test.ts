import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ANOTHER_DAEMON } from '../../../src/another-daemon.ts';
import { HELP } from '../../../src/daemon/usage.ts';
import { VERSION } from '../../../src/version.ts';
import { InProcessDaemon } from '../../support/in-process-daemon.ts';
import { until } from '../../support/until.ts';

let own: InProcessDaemon;
beforeEach(() => (own = new InProcessDaemon()));
afterEach(() => own.dispose());

const JOB = '[[jobs]]\nname = "web"\njob_command = { exe = "sleep", args = ["600"] }\n';
const logs = (line: string) => () => own.log().some((each) => each.includes(line));
const signal = (name: string): void => void process.emit(name as never);

/** The end of a daemon by a signal, once this is in its log. */
const endedOnce =
  (line: string, by = 'SIGTERM') =>
  async (): Promise<void> => {
    await until(logs(line));
    signal(by);
  };

test('overseerd prints its help and its version, and refuses other words', async () => {
  expect(await own.run(['--help'])).toEqual({ code: 0, out: HELP, err: '' });
  expect(await own.run(['--version'])).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
  expect(await own.run(['--nonsense'])).toEqual({
    code: 64,
    out: '',
    err: expect.stringMatching(/^overseerd: Unknown option '--nonsense'.*\nSee `overseerd --help`\.\n$/),
  });
  expect(HELP).toContain('  --autostart as --apply, but take over');
  expect(existsSync(own.data)).toBe(false);
});

test('a daemon with --apply starts the jobs of the config, and SIGTERM stops them', async () => {
  own.configure(JOB);
  const ran = await own.run(['--apply'], endedOnce('web running'));
  expect([ran.code, ran.out]).toEqual([0, '']);
  const lines = own.log();
  expect(lines).toEqual([
    expect.stringMatching(/^overseerd --apply asks: apply /),
    expect.stringMatching(/^overseer \S+ serves /),
    expect.stringMatching(/^web started, pid \d+: new in the config$/),
    'web running',
    'SIGTERM asks: end, and stop every job',
    'web stopping: the daemon is shutting down',
    'web ended by SIGTERM',
    expect.stringMatching(/^web stopped/),
    'the daemon has ended',
  ]);
  // In the foreground the log is echoed.
  expect(ran.err.split('\n').length).toBe(lines.length + 1);
  expect(existsSync(join(own.data, 'socket'))).toBe(false);
});

test('a daemon whose config has a problem logs it and goes on', async () => {
  own.configure('[[jobs]]\nname = "web"\n');
  const { code } = await own.run(['--apply'], endedOnce('config refused', 'SIGINT'));
  expect(code).toBe(0);
  expect(own.log()).toContain('SIGINT asks: end, and stop every job');
});

test('a closed terminal and other signals do not end a daemon', async () => {
  const { code } = await own.run([], async () => {
    await until(logs('serves'));
    for (const name of ['SIGHUP', 'SIGPIPE', 'SIGUSR1', 'SIGUSR2', 'SIGQUIT']) signal(name);
    process.emit('uncaughtException', new Error('odd'));
    await until(logs('bug: Error: odd'));
    signal('SIGTERM');
  });
  expect(code).toBe(0);
  expect(own.log().filter((line) => line.includes('asks'))).toEqual([
    'SIGTERM asks: end, and stop every job',
  ]);
});

test('a second daemon of the same folder says so, to a client by its exit code', async () => {
  let second: unknown;
  await own.run([], async () => {
    await until(logs('serves'));
    second = [await own.run([]), await own.run(['--attached'])];
    signal('SIGTERM');
  });
  expect(second).toEqual([
    { code: 1, out: '', err: expect.stringContaining(`overseerd: another daemon serves ${own.data}\n`) },
    { code: ANOTHER_DAEMON, out: '', err: expect.any(String) },
  ]);
});

test('what an environment names and is not there ends a daemon that would apply it', async () => {
  process.env['OVERSEER_CONFIG'] = join(own.home, 'none.toml');
  const none = join(own.home, 'none.toml');
  const said = `overseerd: there is no ${none}, which OVERSEER_CONFIG names\n`;
  expect(await own.run(['--apply'])).toEqual({ code: 78, out: '', err: said });
  // A service manager would only try again.
  expect(await own.run(['--autostart'])).toEqual({ code: 0, out: '', err: said });
  const ran = await own.run([], endedOnce('serves'));
  expect(ran.code).toBe(0);
});

test('a project that is named has its own config and data folder', async () => {
  const project = join(own.home, 'shop');
  mkdirSync(project);
  process.env['OVERSEER_PROJECT'] = project;
  expect((await own.run(['--apply'])).err).toBe(
    `overseerd: there is no ${join(project, 'overseer.toml')}, which OVERSEER_PROJECT names\n`,
  );
  writeFileSync(join(project, 'overseer.toml'), JOB);
  const plan = await own.run(['--plan']);
  expect(JSON.parse(plan.out)).toMatchObject({ answer: { changes: [{ job: 'web', action: 'start' }] } });
});

test('a data folder or a log that cannot be used ends a daemon with one line', async () => {
  mkdirSync(join(own.home, '.local', 'share'), { recursive: true });
  writeFileSync(own.data, '');
  expect(await own.run([])).toEqual({
    code: 1,
    out: '',
    err: `overseerd: the data folder ${own.data} is not a folder; move it away, or set XDG_DATA_HOME\n`,
  });
  rmSync(own.data);
  mkdirSync(join(own.data, 'overseerd.log'), { recursive: true, mode: 0o700 });
  expect(await own.run([])).toEqual({
    code: 1,
    out: '',
    err: expect.stringMatching(/^overseerd: cannot open its log: .*\n$/),
  });
});

test('a path that cannot be resolved is a wrong use, and is told in one line', async () => {
  process.env['OVERSEER_DATA'] = '~somebody/data';
  expect(await own.run([])).toEqual({
    code: 64,
    out: '',
    err: expect.stringMatching(/^overseerd: ~somebody\/data: only ~ and ~\/ are expanded; .*\n$/),
  });
});

test('a plan without a daemon is printed as JSON, and makes nothing', async () => {
  own.configure(JOB + JOB.replace('web', 'db'));
  const { code, out, err } = await own.run(['--plan', '--job', 'db']);
  expect([code, err]).toEqual([0, '']);
  expect(JSON.parse(out)).toEqual({
    kind: 'answer',
    answer: {
      ok: true,
      problems: [],
      changes: [{ job: 'db', action: 'start', reason: 'new', facts: [], state: 'stopped', pid: null }],
    },
  });
  expect(existsSync(own.data)).toBe(false);
});
