import { availableParallelism } from 'node:os';
import { importOf } from '../../../support/exchange/import-of.ts';

const app = (keys: object): ReturnType<typeof importOf> =>
  importOf({ 'ecosystem.json': JSON.stringify({ apps: [{ name: 'a', script: 'a', ...keys }] }, null, 1) });
/** What these keys add to the job. */
const keysOf = (keys: object): readonly string[] => {
  const before = app({}).toml.split('\n');
  return app(keys)
    .toml.split('\n')
    .slice(1)
    .filter((line) => !before.includes(line));
};

test.each([
  [{ script: 'a.js' }, '"node a.js"'],
  [{ script: 'a.py', args: '-v "b c"' }, '{ exe = "python3", args = ["a.py", "-v", "b c"] }'],
  [{ script: 'a.js', node_args: ['--inspect'], args: ['x'] }, '"node --inspect a.js x"'],
  [{ script: 'a.js', interpreter_args: '-r b', node_args: '-c' }, '"node -r b -c a.js"'],
  [{ script: 'a.js', interpreter: 'none', node_args: '-c' }, '"a.js"'],
  [{ script: 'a.js', interpreter: 'bun' }, '"bun a.js"'],
  [{ script: 'a.js', exec_interpreter: 'deno' }, '"deno a.js"'],
  [{ script: 'a.x', node_args: '-c' }, '"a.x"'],
  [{ script: 'a b', args: ['c'] }, '"a b c"'],
])('the command of an app is what pm2 runs: %j', (keys, command) => {
  expect(app(keys).toml.match(/^job_command = (.*)$/m)?.[1]).toBe(command);
});

test.each([
  [{ instances: 3 }, ['instances = 3']],
  [{ instances: 1 }, []],
  [{ watch: true }, ['watch = ["."]']],
  [{ watch: false, ignore_watch: ['x'] }, []],
  [{ ignore_watch: ['x'] }, []],
  [{ watch: ['a', 'b'], ignore_watch: ['x'] }, ['watch = ["a", "b", "!x"]']],
  [{ ignore_watch: 'x', watch: 'a' }, ['watch = ["a", "!x"]']],
  [{ autorestart: false }, ['restart = "never"']],
  [{ autorestart: true }, []],
  [{ autostart: false }, ['enabled = false']],
  [{ stop_exit_codes: [0, 3] }, ['restart = "on-failure"', 'success_codes = [0, 3]']],
  [{ max_restarts: 5 }, ['max_restarts = 5']],
  [{ min_uptime: 5000 }, ['start_seconds = 5']],
  [{ min_uptime: '1m' }, ['start_seconds = 60']],
  [{ restart_delay: 500 }, ['backoff = { min = 0.5, max = 0.5, factor = 1 }']],
  [{ restart_delay: 0 }, []],
  [{ exp_backoff_restart_delay: 100 }, ['backoff = { min = 0.1, max = 15, factor = 1.5 }']],
  [{ exp_backoff_restart_delay: 20_000 }, ['backoff = { min = 20, max = 20, factor = 1.5 }']],
  [{ kill_timeout: 3000 }, ['stop_timeout = 3']],
  [{ max_memory_restart: '300M' }, ['max_memory = "300MiB"']],
  [{ max_memory_restart: 1048576 }, ['max_memory = 1048576']],
  [{ namespace: 'a b' }, ['tags = ["a-b"]']],
  [{ env: { A: 1, B: true } }, ['env = { A = "1", B = "true" }']],
  [{ cwd: '/srv' }, ['cwd = "/srv"']],
  [{ cwd: 'sub' }, ['cwd = "/x/sub"']],
  [{ cwd: '~/y' }, ['cwd = "~/y"']],
  [{ exec_mode: 'fork', treekill: true, vizion: false }, []],
])('a key of pm2 is carried over: %j', (keys, lines) => {
  expect([...keysOf(keys)].sort()).toEqual([...lines].sort());
  expect(app(keys).remarks).toEqual([]);
});

test.each([
  [{ exec_mode: 'cluster' }, 'exec_mode cluster shares one port between the copies'],
  [{ min_uptime: 'soon' }, 'this is no time: soon'],
  [{ treekill: false }, 'treekill = false is left out: overseer always ends the whole process group'],
  [{ out_file: '/x' }, 'out_file is left out: both outputs go to the log of the job'],
  [{ env_staging: {} }, 'env_staging is left out: overseer has no variants of env'],
  [{ shiny: 1 }, 'shiny is left out: overseer has nothing that is like it'],
])('what overseer has not of an app of pm2 is told with its line: %j', (keys, remark) => {
  expect(app(keys).remarks).toEqual([expect.stringContaining(`6: ${remark}`)]);
});

test.each([
  ['max', 0],
  [0, 0],
  [-1, -1],
  [-1000, null],
] as const)('as many copies as there are processors are told: %s', (instances, more) => {
  const count = more === null ? 1 : Math.max(1, availableParallelism() + more);
  const { toml, remarks } = app({ instances });
  expect(remarks).toEqual([
    `6: instances = ${instances} is ${count} on this machine, and stays that on any other`,
  ]);
  expect(toml.match(/^instances = (\d+)$/m)?.[1] ?? '1').toBe(String(count));
});

test('a file of pm2 may be one app or a list of them, in JSON or YAML', () => {
  const names = (file: Readonly<Record<string, string>>): readonly (string | undefined)[] =>
    [...importOf(file).toml.matchAll(/^name = "(.*)"$/gm)].map(([, name]) => name);
  expect(names({ 'pm2.json': '{ "script": "/srv/one.js" }' })).toEqual(['one']);
  expect(names({ 'pm2.json': '[{ "script": "one.js" }, { "cmd": "two" }]' })).toEqual(['one', 'two']);
  expect(names({ 'pm2.yaml': 'apps:\n  - script: one.js\n  - { name: b, script: two }\n' })).toEqual([
    'one',
    'b',
  ]);
});

test('what is no app, and what stands beside the apps, is told with its line', () => {
  const text = 'deploy: {}\nother: 1\napps:\n  - 5\n  - name: x\n  - script: a\n';
  expect(importOf({ 'ecosystem.yaml': text }).remarks).toEqual([
    '1: deploy is left out: overseer copies nothing to other machines',
    '2: other is left out: overseer has nothing that is like it',
    '4: this is no app, so it is left out: 5',
    '5: an app without a script is left out',
  ]);
});
