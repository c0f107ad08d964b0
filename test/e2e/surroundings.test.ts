import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Home, OVERSEER, OVERSEERD } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const SLEEPER = '[[jobs]]\nname = "web"\njob_command = "sleep 1000"\nstart_seconds = 0\n';

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
])('%s=%s of a terminal changes neither the daemon nor a job', async (name, value) => {
  home.write('jobs.toml', SLEEPER.replace('sleep 1000', "sh -c 'env; exec sleep 1000'"));
  writeFileSync(home.path('hook.js'), '');
  expect(shell('"$O" 2>&1', { [name]: value })).toMatch(/^0 /);
  const environment = readFileSync(`/proc/${home.daemonPid()}/environ`, 'latin1');
  expect(environment).not.toMatch(/(?:^|\0)NODE_/);
  expect(home.log('web')).not.toMatch(/^NODE_/m);
  expect(existsSync(home.path('coverage'))).toBe(false);
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
const mayUnshare = isRoot && spawnSync('unshare', ['-pf', '--mount-proc', 'true']).status === 0;
// A namespace of process numbers can only be made by root.
const inNamespace = mayUnshare ? test : test.skip;

inNamespace('as process 1 overseerd is reached, waits for orphans, and ends on SIGTERM', () => {
  home.write(
    'jobs.toml',
    SLEEPER.replace('sleep 1000', "sh -c 'while :; do (sleep 0.05 &); sleep 0.01; done'"),
  );
  const inside = [
    'until "$O" status web > /dev/null 2>&1; do sleep 0.1; done',
    'until [ "$(ps -e | wc -l)" -gt 8 ]; do sleep 0.1; done',
    'sleep 1',
    "ps -eo ppid,stat | awk '$1 == 1 && $2 ~ /^Z/' | wc -l > zombies",
    '"$O" status --json > status.json',
    'kill -TERM 1',
  ].join('; ');
  const line = `unshare -pf --kill-child --mount-proc sh -c '(. ./inside) & exec "$D" --apply' 2> /dev/null`;
  writeFileSync(home.path('inside'), inside);
  expect(shell(line)).toMatch(/^0 /);
  expect(Number(readFileSync(home.path('zombies'), 'utf8'))).toBeLessThan(5);
  expect(JSON.parse(readFileSync(home.path('status.json'), 'utf8'))).toMatchObject({
    jobs: [{ state: 'running' }],
  });
});

(isRoot ? test : test.skip)('root makes no data folder in a folder of another user', () => {
  mkdirSync(home.path('theirs'));
  spawnSync('chown', ['12345', home.path('theirs')]);
  const said = shell('"$O"', { XDG_DATA_HOME: home.path('theirs/data') });
  expect(said).toMatch(/^1 [^]*would be in a folder of another user \(uid 12345\)/);
  expect(existsSync(home.path('theirs/data'))).toBe(false);
});
