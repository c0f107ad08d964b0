import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Home, OVERSEER, OVERSEERD, awaited } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const SLEEPER = '[[jobs]]\nname = "web"\njob_command = "sleep 1000"\nstart_seconds = 0\n';

/** Prints its environment. */
const TELLING = SLEEPER.replace('sleep 1000', "sh -c 'env; echo done; exec sleep 1000'");
const said = (): Promise<unknown> =>
  awaited(async () => home.log('web').endsWith('done\n') || null, 'the environment in the log');

/** Runs a line of a shell with overseer as `$O`, as a terminal would. */
function shell(line: string, env: Readonly<Record<string, string>> = {}): string {
  const variables = { ...home.env, ...env, O: OVERSEER, D: OVERSEERD };
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line], {
    env: variables,
    cwd: home.dir,
    encoding: 'utf8',
  });
  return `${status} ${stdout}${stderr}`;
}

test('every command works in a folder that was removed', () => {
  home.write('jobs.toml', SLEEPER);
  mkdirSync(home.path('gone'));
  const words = ['--version', '--help', 'check', 'plan', 'apply', 'status', 'die'];
  const line = words.map((word) => `"$O" ${word} > /dev/null 2>&1 || echo ${word}`).join('; ');
  expect(shell(`cd gone && rmdir ../gone && { ${line}; }`)).toBe('0 ');
});

test.each([
  ['NODE_OPTIONS', '--inspect=127.0.0.1:0'],
  ['NODE_OPTIONS', '--require ./hook.js'],
  ['NODE_V8_COVERAGE', 'coverage'],
  ['NODE_DEBUG', 'net'],
  ['NODE_OPTIONS', '--nonsense'],
  ['NODE_CHANNEL_FD', 'nonsense'],
  ['NODE_ICU_DATA', '/nowhere'],
  ['NODE_OF_A_LATER_VERSION', '1'],
  ['OPENSSL_CONF', 'broken.cnf'],
  ['UV_THREADPOOL_SIZE', '0'],
])('%s=%s of a terminal changes neither client, daemon nor job', async (name, value) => {
  home.write('jobs.toml', TELLING);
  writeFileSync(home.path('hook.js'), '');
  writeFileSync(home.path('broken.cnf'), 'nonsense [x\n');
  // A line end in another value must not hide it.
  const env = { [name]: value, A_VALUE: `x\nexport ${name}=` };
  expect(shell('"$O" 2>&1', env)).toMatch(/^0 \+ web {2}started {2}new {2}pid \d+\n\n1 started\n$/);
  expect(shell('"$D" --version 2>&1', env)).toMatch(/^0 \S+\n$/);
  const environment = readFileSync(`/proc/${home.daemonPid()}/environ`, 'latin1');
  expect(environment).not.toMatch(/(?:^|\0)(?:NODE|OPENSSL|UV)_/);
  await said();
  expect(home.log('web')).not.toMatch(/^(?:NODE|OPENSSL|UV)_/m);
  expect(existsSync(home.path('coverage'))).toBe(false);
});

test('both programs leave the same variables out', () => {
  const [client, daemon] = [OVERSEER, OVERSEERD].map((program) => {
    const text = readFileSync(program, 'utf8');
    return text.slice(text.indexOf('# Unset variables'), text.indexOf('# Node cannot work'));
  });
  expect(client).toMatch(/unset/);
  expect(client).toBe(daemon);
});

test('in a removed folder a relative path is refused with that reason, an absolute one works', () => {
  home.write('jobs.toml', SLEEPER);
  mkdirSync(home.path('gone'));
  const said = (line: string): string => shell(`mkdir -p gone; cd gone && rmdir ../gone && ${line} 2>&1`);
  for (const line of [
    '"$O" --data=here status',
    'OVERSEER_DATA=here "$O" status',
    '"$O" check here.toml',
    '"$O" run',
  ])
    expect(said(line)).toMatch(/^64 [^]*was removed; name an absolute path/);
  expect(said(`"$O" --data=${home.path('there')} status`)).toMatch(/^3 /);
});

test('another user’s home is not guessed from ~NAME', () => {
  expect(shell('"$O" --data=~nobody-here/x status 2>&1')).toMatch(/^64 [^]*only ~ and ~\/ are expanded/);
  expect(existsSync(home.path('~nobody-here'))).toBe(false);
});

test('only a terminal’s variables for jobs, and overseer’s own, reach the daemon', async () => {
  home.write('jobs.toml', TELLING);
  const terminal = {
    LD_PRELOAD: '',
    UV_USE_IO_URING: '0',
    OPENSSL_CONF: '/nowhere',
    CHOKIDAR_USEPOLLING: '1',
    SSL_CERT_FILE: '/nowhere',
    EDITOR: 'vi',
    DISPLAY: ':7',
    WAYLAND_DISPLAY: 'wayland-7',
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/bus',
  };
  expect(shell('"$O" 2>&1', terminal)).toMatch(/^0 /);
  const names = readFileSync(`/proc/${home.daemonPid()}/environ`, 'latin1')
    .split('\0')
    .map((each) => each.split('=')[0] ?? '');
  const strange =
    /^(HOME|USER|LOGNAME|SHELL|PATH|LANG|LC_.*|TZ|TMPDIR|XDG_.*|OVERSEER_.*|DISPLAY|WAYLAND_DISPLAY|DBUS_.*|MALLOC_ARENA_MAX|)$/;
  expect(names.filter((name) => !strange.test(name))).toEqual([]);
  await said();
  expect(home.log('web')).toMatch(/^DISPLAY=:7$/m);
  expect(home.log('web')).toMatch(/^WAYLAND_DISPLAY=wayland-7$/m);
  expect(home.log('web')).toMatch(/^DBUS_SESSION_BUS_ADDRESS=unix:path=\/run\/bus$/m);
});

test('T-1651 however it is started, the daemon has one heap of the C library; jobs do not hear of it', async () => {
  home.write('jobs.toml', TELLING);
  const heaps = (): string =>
    readFileSync(`/proc/${home.daemonPid()}/environ`, 'latin1')
      .split('\0')
      .filter((each) => each.startsWith('MALLOC_'))
      .join();
  expect(shell('"$O" 2>&1', { MALLOC_ARENA_MAX: '8' })).toMatch(/^0 /);
  await said();
  expect(home.log('web')).not.toMatch(/^MALLOC/m);
  expect(heaps()).toBe('MALLOC_ARENA_MAX=1');
  expect(shell('"$O" die 2>&1')).toMatch(/^0 /);
  shell('"$D" > /dev/null 2>&1 < /dev/null &');
  await home.serving();
  expect(heaps()).toBe('MALLOC_ARENA_MAX=1');
});

test('a debugger that overseerd itself was started with is closed', async () => {
  home.write('jobs.toml', SLEEPER);
  const running = home.spawn('--inspect=127.0.0.1:0', [OVERSEERD]);
  let said = '';
  running.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await home.serving();
  const url = /ws:\/\/(127\.0\.0\.1:\d+)/.exec(said)?.[1] ?? 'none';
  await expect(fetch(`http://${url}/json/list`)).rejects.toThrow();
});

test('~ and $HOME in --data and in OVERSEER_DATA are the home folder', () => {
  home.write('jobs.toml', SLEEPER);
  expect(shell(`"$O" '--data=~/one' && "$O" '--data=~/one' die`)).toMatch(/^0 /);
  expect(shell('"$O" && "$O" die', { OVERSEER_DATA: '$HOME/two' })).toMatch(/^0 /);
  expect([home.path('one/lock'), home.path('two/lock')].map((path) => existsSync(path))).toEqual([
    true,
    true,
  ]);
  expect(existsSync(home.path('~'))).toBe(false);
});

const isRoot = process.getuid?.() === 0;

(isRoot ? test : test.skip)('root makes no data folder in a folder of another user', () => {
  home.write('jobs.toml', SLEEPER);
  mkdirSync(home.path('theirs'));
  spawnSync('chown', ['12345', home.path('theirs')]);
  const said = shell('"$O"', { XDG_DATA_HOME: home.path('theirs/data') });
  expect(said).toMatch(/^1 [^]*would be in a folder of another user \(uid 12345\)/);
  expect(existsSync(home.path('theirs/data'))).toBe(false);
});

(isRoot ? test : test.skip)('root makes no config in a folder of another user', () => {
  mkdirSync(home.path('theirs/overseer'), { recursive: true });
  spawnSync('chown', ['-R', '12345', home.path('theirs')]);
  const init = (config: string): string => shell('"$O" init', { XDG_CONFIG_HOME: home.path(config) });
  for (const config of ['theirs', 'theirs/a/b'])
    expect(init(config)).toMatch(
      /^1 [^]*would be in a folder of another user \(uid 12345\), who could not change it/,
    );
  expect(readdirSync(home.path('theirs'))).toEqual(['overseer']);
  expect(readdirSync(home.path('theirs/overseer'))).toEqual([]);
  expect(init('ours')).toMatch(/^0 wrote /);
});

test('a daemon whose log is a FIFO is said to be unable to start, and why', () => {
  home.write('jobs.toml', SLEEPER);
  mkdirSync(home.data, { recursive: true, mode: 0o700 });
  spawnSync('mkfifo', [`${home.data}/overseerd.log`]);
  expect(shell('"$O"')).toBe(
    `1 overseer: cannot reach or start the daemon: the daemon cannot be started: ${home.data}/overseerd.log is a FIFO, not a regular file: move it away\n`,
  );
});
