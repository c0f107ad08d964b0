import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Job } from '../../../src/config/config.ts';
import { KEYS } from '../../../src/config/schema/keys.ts';
import { readConfig, readConfigFiles } from '../../../src/config/read-config.ts';
import { LEAST_JOB } from '../../support/least-job.ts';
import { Random } from '../../support/random.ts';
import { HOME, folderOf, read, complaints, jobsOf, jobWith } from '../../support/config-files.ts';

const ROUNDS = 300;

const FULL = `
[[jobs]]
name = "db"
job_command = "postgres"

[[jobs]]
name = "web"
job_command = { exe = "node", args = ["a b.js", ""] }
test_command = "test -e '/tmp/web enabled'"
cwd = "$HOME/app"
env = { PORT = "80", "__proto__" = "p" }
env_file = []
umask = "022"
restart = "on-failure"
start_seconds = 0.5
backoff = { max = 5 }
max_restarts = 3
success_codes = [0, 3]
stop_signal = "int"
stop_timeout = 0
test_timeout = 2
test_interval = 60
after = ["db", { job = "db", is = "finished" }]
ready = { http = "http://localhost:80/", interval = 0.5, within = 600 }
schedule = "every 10m"
run_at_start = true
instances = 2
watch = ["*.js"]
log = { max_size = "1.5KiB", rotate = "off" }
description = "käse"
tags = ["front", "eu.1", "front"]
enabled = false
limits = { nofile = 300, core = "unlimited" }
nice = -3
alive = { tcp = "localhost:81", failures = 1 }
max_memory = "300MB"
stdin = true
rolling = true
on = { failed = "mail -s down me", running = { exe = "true" } }
`;

const FULL_JOB: Job = {
  name: 'web',
  command: { exe: 'node', args: ['a b.js', ''] },
  test: { exe: 'test', args: ['-e', '/tmp/web enabled'] },
  cwd: `${HOME}/app`,
  env: Object.fromEntries([
    ['PORT', '80'],
    ['__proto__', 'p'],
  ]),
  envFromFiles: {},
  umask: 0o22,
  restart: 'on-failure',
  startMs: 500,
  backoff: { minMs: 100, maxMs: 5000, factor: 2 },
  maxRestarts: 3,
  successCodes: [0, 3],
  stopSignal: 'SIGINT',
  stopTimeoutMs: 0,
  testTimeoutMs: 2000,
  testIntervalMs: 60_000,
  after: ['db'],
  afterIs: { db: 'finished' },
  ready: { kind: 'http', url: 'http://localhost:80/', intervalMs: 500, timeoutMs: 5000, withinMs: 600_000 },
  schedule: 'every 10m',
  runAtStart: true,
  instances: 2,
  watch: ['*.js'],
  log: { maxBytes: 1536, keep: 5, rotate: 'off', outputs: 'pipe' },
  description: 'käse',
  tags: ['front', 'eu.1'],
  enabled: false,
  limits: { nofile: 300, core: 'unlimited' },
  nice: -3,
  alive: { kind: 'tcp', host: 'localhost', port: 81, intervalMs: 10_000, timeoutMs: 5000, failures: 1 },
  maxMemoryBytes: 300_000_000,
  stdin: true,
  rolling: true,
  on: { failed: { exe: 'mail', args: ['-s', 'down', 'me'] }, running: { exe: 'true', args: [] } },
};

test('a job that says only its name and command has every default of the contract', () => {
  expect(jobWith('')).toStrictEqual(LEAST_JOB);
});

test('every key is read, durations into milliseconds and sizes into bytes', () => {
  expect(jobsOf(FULL)[1]).toStrictEqual(FULL_JOB);
});

test('a key that is written with its own default changes nothing', () => {
  const written: Readonly<Record<string, string>> = {
    cwd: '"~"',
    env: '{}',
    restart: '"always"',
    start_seconds: '1',
    backoff: '{ min = 0.1, max = 30, factor = 2 }',
    max_restarts: '0',
    success_codes: '[0]',
    stop_signal: '"SIGTERM"',
    stop_timeout: '10',
    test_timeout: '10',
    after: '[]',
    run_at_start: 'false',
    watch: '[]',
    log: '{ max_size = "10MB", keep = 5, rotate = "pause" }',
    tags: '[]',
    enabled: 'true',
    limits: '{}',
    stdin: 'false',
    on: '{}',
    rolling: 'false',
  };
  expect(Object.keys(written)).toEqual(KEYS.filter((key) => key.default !== null).map(({ name }) => name));
  for (const [name, value] of Object.entries(written))
    expect(jobWith(`${name} = ${value}`)).toStrictEqual(LEAST_JOB);
});

test('a missing folder, an empty folder and a file without jobs are valid configs of no jobs', () => {
  const missing = join(folderOf({}), 'missing');
  expect(readConfig({ dir: missing, home: HOME })).toStrictEqual({
    ok: true,
    files: [],
    config: { jobs: [] },
  });
  const { dir, ...reading } = read({ 'a.toml': '# nothing\n', 'readme.md': '[[' });
  expect(reading).toStrictEqual({ ok: true, files: [join(dir, 'a.toml')], config: { jobs: [] } });
  expect(read({})).toMatchObject({ ok: true, files: [] });
});

test('files are read in name order and their jobs follow one another, hidden files left out', () => {
  const job = (name: string): string => `[[jobs]]\nname = "${name}"\njob_command = "x"\n`;
  const reading = read({
    'b.toml': job('one'),
    'a.toml': job('two') + job('three'),
    '.#a.toml': 'broken',
    'c.toml~': 'broken',
  });
  expect(reading.files).toEqual(['a.toml', 'b.toml'].map((name) => join(reading.dir, name)));
  expect(reading.ok && reading.config.jobs.map(({ name }) => name)).toEqual(['two', 'three', 'one']);
});

test('[defaults] in any file applies to the jobs of all: env is merged, everything else replaced', () => {
  const reading = read({
    'a.toml':
      '[[jobs]]\nname = "a"\njob_command = "x"\nenv = { B = "job", C = "job" }\nlog = { keep = 1 }\nstop_timeout = 1\n',
    'b.toml': '[[jobs]]\nname = "b"\njob_command = "x"\n',
    'z.toml':
      '[defaults]\nenv = { A = "all", B = "all" }\nlog = { max_size = 7, keep = 2 }\nstop_timeout = 2\ndescription = "d"\n',
  });
  const common = { ...LEAST_JOB, command: { exe: 'x', args: [] }, description: 'd' };
  expect(reading.ok && reading.config.jobs).toStrictEqual([
    {
      ...common,
      name: 'a',
      env: { A: 'all', B: 'job', C: 'job' },
      log: { ...LEAST_JOB.log, keep: 1 },
      stopTimeoutMs: 1000,
    },
    {
      ...common,
      name: 'b',
      env: { A: 'all', B: 'all' },
      log: { ...LEAST_JOB.log, maxBytes: 7, keep: 2 },
      stopTimeoutMs: 2000,
    },
  ]);
});

test('an after in [defaults] is meant for all the other jobs', () => {
  const jobs = jobsOf(
    '[defaults]\nafter = ["db"]\n[[jobs]]\nname = "db"\njob_command = "x"\n[[jobs]]\nname = "web"\njob_command = "x"\n',
  );
  expect(jobs.map(({ after }) => after)).toEqual([[], ['db']]);
});

test('every time in seconds is read to the millisecond', () => {
  const time = fc.integer({ min: 1, max: 2 ** 31 - 1 });
  fc.assert(
    fc.property(fc.tuple(time, time, time, time, time, time, time, time), (times) => {
      const [a, b, c, d, e, f, g, h] = times.map((ms) => ms / 1_000);
      const job = jobWith(
        `start_seconds = ${a}\nstop_timeout = ${b}\ntest_timeout = ${c}\ntest_interval = ${d}\n` +
          `backoff = { min = ${e}, max = ${e} }\nready = { tcp = "h:1", interval = ${f}, timeout = ${g}, within = ${h} }\n` +
          `alive = { tcp = "h:1", interval = ${f}, timeout = ${g} }`,
      );
      const { startMs, stopTimeoutMs, testTimeoutMs, testIntervalMs, backoff, ready, alive } = job;
      const read = [startMs, stopTimeoutMs, testTimeoutMs, testIntervalMs, backoff.minMs];
      expect([...read, ready?.intervalMs, ready?.timeoutMs, ready?.withinMs]).toEqual(times);
      expect([backoff.maxMs, alive?.intervalMs, alive?.timeoutMs]).toEqual([times[4], times[5], times[6]]);
    }),
    { numRuns: 30 },
  );
});

test('an after in [defaults] says how the others wait for a job, and nothing of that job itself', () => {
  const defaults = '[defaults]\nafter = [{ job = "db", is = "finished" }]\n';
  const job = (name: string): string => `[[jobs]]\nname = "${name}"\njob_command = "x"\n`;
  expect(jobsOf(`${defaults}${job('db')}${job('web')}`).map(({ afterIs }) => afterIs)).toEqual([
    {},
    { db: 'finished' },
  ]);
});

test('the home folder is a plain path in a glob, whatever letters it has', () => {
  const dir = folderOf({ 'a.toml': '[[jobs]]\nname = "a"\njob_command = "x"\nwatch = ["~/*.js", "!~/b"]\n' });
  const reading = readConfig({ dir, home: '/home/{me}[1]*?(2)' });
  const home = String.raw`/home/\{me\}\[1\]\*\?\(2\)`;
  expect(reading.ok && reading.config.jobs[0]?.watch).toEqual([`${home}/*.js`, `!${home}/b`]);
});

test('a byte order mark, CRLF line ends and a link to a regular file are accepted', () => {
  const dir = folderOf({ 'real.txt': `\ufeff${FULL.replaceAll('\n', '\r\n')}` });
  symlinkSync('real.txt', join(dir, 'a.toml'));
  const reading = readConfig({ dir, home: HOME });
  expect(reading.ok && reading.config.jobs[1]).toStrictEqual(FULL_JOB);
});

test.each([
  ['cwd = "~"', { cwd: HOME }],
  ['cwd = "~/a"', { cwd: `${HOME}/a` }],
  ['cwd = "${HOME}/a"', { cwd: `${HOME}/a` }],
  ['cwd = "/srv/$HOME"', { cwd: '/srv/$HOME' }],
  ['stop_signal = "SIGKILL"', { stopSignal: 'SIGKILL' }],
  ['stop_signal = "HUP"', { stopSignal: 'SIGHUP' }],
  ['log = { max_size = "512kB" }', { log: { ...LEAST_JOB.log, maxBytes: 512_000 } }],
  ['log = { max_size = "1 GiB" }', { log: { ...LEAST_JOB.log, maxBytes: 2 ** 30 } }],
  ['umask = "7"', { umask: 7 }],
  [
    'ready = { tcp = "[::1]:80", timeout = 2 }',
    { ready: { kind: 'tcp', host: '::1', port: 80, intervalMs: 1000, timeoutMs: 2000, withinMs: 60_000 } },
  ],
  [
    'ready = { command = "true" }',
    {
      ready: {
        kind: 'command',
        command: { exe: 'true', args: [] },
        intervalMs: 1000,
        timeoutMs: 5000,
        withinMs: 60_000,
      },
    },
  ],
  [
    'ready = { log = "up in \\\\d+ ms" }',
    {
      ready: { kind: 'log', pattern: 'up in \\d+ ms', intervalMs: 1000, timeoutMs: 5000, withinMs: 60_000 },
    },
  ],
  ['schedule = "@daily"', { schedule: '@daily' }],
  ['schedule = "@Daily"', { schedule: '@Daily' }],
  ['backoff = { min = 5, max = 5 }', { backoff: { minMs: 5_000, maxMs: 5_000, factor: 2 } }],
  ['watch = ["~/a", "!~/b", "!$HOME/c", "~d"]', { watch: [`${HOME}/a`, `!${HOME}/b`, `!${HOME}/c`, '~d'] }],
  [
    'alive = { tcp = "[::1]:80", interval = 3, timeout = 2 }',
    { alive: { kind: 'tcp', host: '::1', port: 80, intervalMs: 3_000, timeoutMs: 2_000, failures: 3 } },
  ],
  ['tags = ["a", "b", "a"]', { tags: ['a', 'b'] }],
  ['stop_timeout = 2147483.647', { stopTimeoutMs: 2 ** 31 - 1 }],
])('%s is read', (line, expected) => {
  expect(jobWith(line)).toStrictEqual({ ...LEAST_JOB, ...expected });
});

test('the problems of all files come at once, sorted by file, line and column', () => {
  const files = {
    'b.toml': '[[jobs]]\nname = "b"\njob_command = "x"\nfoo = 1\nrestart = 1\n[defaults]\n',
    'a.toml': '[[jobs]]\nname = 3\ncwd = "x"\n[defaults]\n',
    'c.toml': '[[',
  };
  expect(complaints(files)).toEqual([
    'a.toml:1:1: jobs[0]: job_command is missing: every job needs one',
    expect.stringMatching(/^a\.toml:2:8: jobs\[0\]: name must be .*, got 3: write "3"$/),
    'a.toml:3:7: jobs[0]: cwd must be an absolute path, or one that begins with ~ or $HOME, got "x"',
    expect.stringMatching(/^b\.toml:4:1: jobs\[0\] "b": unknown key "foo": the keys here are name, /),
    'b.toml:5:11: jobs[0] "b": restart must be one of "always", "on-failure", "never", got 1',
    'b.toml:6:1: [defaults]: only one such table is allowed, and the first is at a.toml:4',
    'c.toml:1:3: unexpected end of file: expected a key',
  ]);
});

test('T-224 a config cut off or changed at random is read or refused, and never throws', () => {
  const seed = Date.now() % 1e6;
  console.info(`seed ${seed}`);
  const random = new Random(seed);
  const file = join(folderOf({}), 'a.toml');
  const letters = [...Array.from('[]{}"\'=#.,\\\n\t -x9é\u0000'), '__proto__', 'jobs', 'true'];
  let refused = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = random.int(0, FULL.length - 1);
    const text =
      round % 2 === 0 ? FULL.slice(0, at) : FULL.slice(0, at) + some(random, letters, 3) + FULL.slice(at + 2);
    writeFileSync(file, text);
    const reading = readConfigFiles([file], { home: HOME });
    if (reading.ok) continue;
    refused += 1;
    const lines = text.split('\n').length;
    for (const { line, column } of reading.problems)
      expect([text, line > 0 && line <= lines && column > 0]).toEqual([text, true]);
  }
  expect(refused).toBeGreaterThan(ROUNDS / 2);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

/** Fewer than `most` of them, one after the other. */
function some(random: Random, from: readonly string[], most: number): string {
  return Array.from({ length: random.int(0, most - 1) }, () => random.pick(from)).join('');
}
