import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config, ConfigReading, Job, Problem } from '../../src/config/config.ts';
import { FIRST_CONFIG } from '../../src/config/first-config.ts';
import { formatProblem } from '../../src/config/toml/format-problem.ts';
import { keyTable } from '../../src/config/schema/key-table.ts';
import { KEYS } from '../../src/config/schema/keys.ts';
import { readConfig, readConfigFiles } from '../../src/config/read-config.ts';
import { nextTime, parseSchedule } from '../../src/config/values/schedule.ts';
import { splitWords } from '../../src/config/values/split-words.ts';
import { LEAST_JOB } from '../support/least-job.ts';
import { Random } from '../support/random.ts';

const HOME = '/home/me';
const ROUNDS = 300;
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'overseer-config-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

function read(files: Readonly<Record<string, string | Uint8Array>>): ConfigReading & { dir: string } {
  const dir = folderOf(files);
  return { dir, ...readConfig({ dir, home: HOME }) };
}

/** `a.toml:1:2: message` for each problem of the one file a.toml, or of the files given. */
function complaints(files: string | Readonly<Record<string, string | Uint8Array>>): string[] {
  const reading = read(typeof files === 'string' ? { 'a.toml': files } : files);
  const problems = reading.ok ? [] : reading.problems;
  const lines = problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
  return lines.map((line) => line.replaceAll(`${reading.dir}/`, ''));
}

function jobsOf(text: string): Config['jobs'] {
  const reading = read({ 'a.toml': text });
  if (!reading.ok) throw new Error(reading.problems.map(formatProblem).join('\n'));
  return reading.config.jobs;
}

/** The one job with this line added to the least that a job needs. */
function jobWith(lines: string): Job {
  const [job] = jobsOf(`[[jobs]]\nname = "web"\njob_command = "node"\n${lines}`);
  if (job === undefined) throw new Error('no job');
  return job;
}

/** What is said about one key, without its place: `jobs[0] "web": ` and the message. */
function saidAbout(lines: string): string[] {
  return complaints(`[[jobs]]\nname = "web"\njob_command = "node"\n${lines}`).map((line) =>
    line.replace(/^a\.toml:\d+:\d+: jobs\[0\] "web": /, ''),
  );
}

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
};

describe('what a config means', () => {
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
    };
    expect(Object.keys(written)).toEqual(KEYS.filter((key) => key.default !== null).map(({ name }) => name));
    for (const [name, value] of Object.entries(written))
      expect(jobWith(`${name} = ${value}`)).toStrictEqual(LEAST_JOB);
  });

  test('a missing folder, an empty folder and a file without jobs are all a valid config of no jobs', () => {
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
    ['stop_timeout = 2147483.647', { stopTimeoutMs: 2 ** 31 - 1 }],
  ])('%s is read', (line, expected) => {
    expect(jobWith(line)).toStrictEqual({ ...LEAST_JOB, ...expected });
  });
});

describe('commands of one string', () => {
  test.each([
    ['node server.js', ['node', 'server.js']],
    ['  a   \'b c\'\t"d e" ', ['a', 'b c', 'd e']],
    [`a'b'"c"d`, ['abcd']],
    [`a '' ""`, ['a', '', '']],
    [String.raw`a\ b \'c "\"\\\n"`, ['a b', "'c", '"\\\\n']],
    [`a '|>$*;&' "x;y"`, ['a', '|>$*;&', 'x;y']],
    [String.raw`a "\$HOME" \$x \~`, ['a', '$HOME', '$x', '~']],
    ['a b=~ c#d {x,y}', ['a', 'b=~', 'c#d', '{x,y}']],
    ['[ -e /tmp/x ]', ['[', '-e', '/tmp/x', ']']],
    ['\n a\\\n b \n', ['a', 'b']],
  ])('%j is split as a POSIX shell does', (text, words) => {
    expect(splitWords(text)).toEqual({ ok: true, value: words });
  });

  test('splitting agrees with sh on random words and quotes', () => {
    const seed = Date.now() % 1e6;
    console.info(`seed ${seed}`);
    const random = new Random(seed);
    const texts = Array.from(
      { length: ROUNDS },
      () => `x${some(random, ['a', ' ', "'", '"', '\\', 'b', '-', '\t', '='], 12)}`,
    );
    const split = texts.flatMap((text) => {
      const words = splitWords(text);
      return words.ok ? [{ text, words: words.value }] : [];
    });
    const script = split.map(({ text }) => `printf '<%s>' ${text}; echo`).join('\n');
    const printed = execFileSync('sh', ['-c', script]).toString().trimEnd().split('\n');
    expect(printed).toEqual(split.map(({ words }) => words.map((word) => `<${word}>`).join('')));
    expect(split.length).toBeGreaterThan(ROUNDS / 10);
  });

  const SHELL =
    'means something to a shell, and no shell runs this: put it in single quotes, or write { exe = "sh", args = ["-c", "…"] }';
  test.each<[text: string, message: string, at: number]>([
    ...Array.from('|><&;()$`*?', (character): [string, string, number] => [
      `a b${character}c`,
      `${character} ${SHELL}`,
      3,
    ]),
    ['a ~/b', `~ ${SHELL}`, 2],
    ['~', `~ ${SHELL}`, 0],
    ['a # b', `# ${SHELL}`, 2],
    ['ls x[ab]', `[ ${SHELL}`, 4],
    ['! test -e x', `! ${SHELL}`, 0],
    ['echo "a $HOME"', `$ ${SHELL}`, 8],
    ['echo "`date`"', `\` ${SHELL}`, 6],
    ['a "b', 'the quote " is never closed', 2],
    ["a b'c", "the quote ' is never closed", 3],
    ['a \\', 'nothing follows the last backslash', 2],
    ['', 'expected a program and its arguments, got an empty command', 0],
    [' \n', 'expected a program and its arguments, got an empty command', 0],
    ["'' a", 'expected a program and its arguments, got an empty command', 0],
    ['A=1 node', '"A=1" in front sets a variable only in a shell: use the key "env"', 0],
    [
      'a\nb',
      'a line break ends a command for a shell: write one line, or put it in single quotes, or write { exe = "sh", args = ["-c", "…"] }',
      1,
    ],
  ])('%j is refused', (text, message, at) => {
    const split = splitWords(text);
    expect(split.ok ? split : { message: split.message, at: split.at ?? 0 }).toEqual({ message, at });
  });

  test('the caret is under the offending character where the string is written plainly, else under its quote', () => {
    const job = (command: string): string => `[[jobs]]\nname = "a"\njob_command = ${command}\n`;
    expect(complaints(job("'a | b'"))[0]).toMatch(/^a\.toml:3:18: /);
    expect(complaints(job('"\\t a | b"'))[0]).toMatch(/^a\.toml:3:15: /);
    expect(complaints(job('{ exe = "~/a" }'))).toEqual([
      'a.toml:3:23: jobs[0] "a": job_command.exe begins with ~, which only a shell expands: write the whole path',
    ]);
  });
});

describe('problems', () => {
  test.each([
    [
      'restart = "alway"',
      'restart must be one of "always", "on-failure", "never", got "alway": did you mean "always"?',
    ],
    ['restart = 3', 'restart must be one of "always", "on-failure", "never", got 3'],
    ['comand = "x"', 'unknown key "comand": did you mean "job_command"?'],
    ['cmd = "x"', 'unknown key "cmd": did you mean "job_command"?'],
    ['autorestart = true', 'unknown key "autorestart": did you mean "restart"?'],
    ['directory = "/"', 'unknown key "directory": did you mean "cwd"?'],
    ['environment = {}', 'unknown key "environment": did you mean "env"?'],
    ['depends_on = []', 'unknown key "depends_on": did you mean "after"?'],
    ['stopTimeout = 1', 'unknown key "stopTimeout": did you mean "stop_timeout"?'],
    ['__proto__ = 1', expect.stringMatching(/^unknown key "__proto__": the keys here are name, /)],
    ['__proto__.restart = "x"', expect.stringMatching(/^unknown key "__proto__": the keys here are name, /)],
    ['backoff = { mx = 1 }', 'unknown key "mx" in backoff: did you mean "max"?'],
    [
      '[jobs.log]\nrestart = "never"',
      'unknown key "restart" in log: it is a key of the job, to be written before this table begins',
    ],
    ['test_command = { args = [] }', 'test_command.exe is missing'],
    ['test_command = { exe = "" }', 'test_command.exe must be a string, the program to run, got ""'],
    [
      'test_command = { exe = "x", args = ["-p", 80] }',
      'test_command.args[1] must be a string, got 80: write "80"',
    ],
    ['test_command = 3', 'test_command must be a command: { exe = "…", args = ["…"] } or one string, got 3'],
    ['env = { PORT = 80 }', 'env.PORT must be a string, got 80: write "80"'],
    ['env = { ON = true }', 'env.ON must be a string, got true: write "true"'],
    [
      'env = { "A=B" = "" }',
      '"A=B" cannot name an environment variable: expected a name without "=" and NUL that is not empty',
    ],
    [
      'env = { "" = "" }',
      '"" cannot name an environment variable: expected a name without "=" and NUL that is not empty',
    ],
    ['env = { A = "a\\u0000" }', 'env.A must be a string, got "a\\u0000" with a NUL character in it'],
    ['cwd = "app"', 'cwd must be an absolute path, or one that begins with ~ or $HOME, got "app"'],
    ['umask = 22', 'umask must be a string of octal digits such as "022", got 22: write "22"'],
    ['umask = "089"', 'umask must be a string of octal digits such as "022", got "089"'],
    ['start_seconds = -1', 'start_seconds must be a number of seconds from 0 to 2147483.647, got -1'],
    ['start_seconds = inf', 'start_seconds must be a number of seconds from 0 to 2147483.647, got inf'],
    ['start_seconds = nan', 'start_seconds must be a number of seconds from 0 to 2147483.647, got nan'],
    ['stop_timeout = 2147484', 'stop_timeout must be a number of seconds from 0 to 2147483.647, got 2147484'],
    [
      'stop_timeout = "500ms"',
      'stop_timeout must be a number of seconds from 0 to 2147483.647, got "500ms": write 0.5',
    ],
    ['test_interval = 0', 'test_interval must be a number of seconds from 0.001 to 2147483.647, got 0'],
    ['max_restarts = 1.5', 'max_restarts must be a whole number from 0 to 1000000, got 1.5'],
    ['backoff = { min = 40 }', 'backoff.max must be at least backoff.min, got min 40 and max 30'],
    [
      'stop_signal = "SIGTREM"',
      'stop_signal must be the name of a signal that can end a job, got "SIGTREM": did you mean "SIGTERM"?',
    ],
    [
      'stop_signal = 15',
      'stop_signal must be the name of a signal such as "SIGTERM", got 15: write "SIGTERM"',
    ],
    ['stop_signal = 9', 'stop_signal must be the name of a signal such as "SIGTERM", got 9: write "SIGKILL"'],
    ['stop_signal = 1000', 'stop_signal must be the name of a signal such as "SIGTERM", got 1000'],
    [
      'stop_signal = "2"',
      'stop_signal must be the name of a signal that can end a job, got "2": write "SIGINT"',
    ],
    ['stop_signal = "SIGFOO"', 'stop_signal must be the name of a signal that can end a job, got "SIGFOO"'],
    [
      'stop_signal = "UP"',
      'stop_signal must be the name of a signal that can end a job, got "UP": did you mean "SIGHUP"?',
    ],
    ['cwd = 1', 'cwd must be an absolute path, or one that begins with ~ or $HOME, got 1'],
    ['schedule = 5', 'schedule must be "every 10m" or a cron expression, got 5'],
    ['ready = { tcp = 80 }', 'ready.tcp must be a string "host:port", got 80: write "localhost:80"'],
    ['ready = { tcp = true }', 'ready.tcp must be a string "host:port", got true'],
    ['ready = { tcp = 70000 }', 'ready.tcp must be a string "host:port", got 70000'],
    ['ready = { http = 80 }', 'ready.http must be a string, an http:// or https:// URL, got 80'],
    ['ready = { log = 80 }', 'ready.log must be a string, a regular expression, got 80: write "80"'],
    [
      'stop_signal = "STOP"',
      'stop_signal must be the name of a signal that can end a job, got "STOP", which only suspends',
    ],
    ['after = "db"', 'after must be an array of names of jobs, got "db": write ["db"]'],
    ['after = ["web"]', 'after names the job itself'],
    ['after = ["wbe"]', 'after names "wbe", which is no job: did you mean "web"?'],
    [
      'log = { max_size = "10 foo" }',
      'log.max_size must be a size such as "10MB", "512kB" or "1GiB", got "10 foo"',
    ],
    [
      'log = { max_size = 0 }',
      'log.max_size must be a size such as "10MB", "512kB" or "1GiB", or a number of bytes, got 0',
    ],
    ['ready = {}', 'ready must hold one of command, tcp, http, log, got none of them'],
    ['ready = { tcp = "a:1", log = "x" }', 'ready must hold one of command, tcp, http, log, got tcp and log'],
    [
      'ready = { tcp = "80" }',
      'ready.tcp must be "host:port" with a port from 1 to 65535, got "80": write "localhost:80"',
    ],
    [
      'ready = { tcp = "a:70000" }',
      'ready.tcp must be "host:port" with a port from 1 to 65535, got "a:70000"',
    ],
    ['ready = { http = "localhost" }', 'ready.http must be an http:// or https:// URL, got "localhost"'],
    [
      'ready = { log = "(" }',
      expect.stringMatching(/^ready\.log must be a regular expression, got "\(": Invalid regular expression/),
    ],
    [
      'schedule = "every day"',
      'schedule "every day": expected "every" and a time such as 10m, 90s, 1h30m or 1d',
    ],
    [
      'schedule = "0 24 * * *"',
      'schedule "0 24 * * *": "24" is no hour: expected 0-23, a list, a range or */n',
    ],
    [
      'description = 2020-01-01T00:00:00Z',
      'description must be a string of at most 1000 characters, got the date 2020-01-01T00:00:00Z: write "2020-01-01T00:00:00Z"',
    ],
    ['env_file = "x.env"', `env_file: ${HOME}/x.env cannot be read: there is no such file`],
  ])('%s is refused in words that help', (lines, expected) => {
    expect(saidAbout(lines)).toEqual([expected]);
  });

  test.each([
    ['[[job]]', 'a.toml:1:1: unknown table "job": did you mean [[jobs]]?'],
    ['[job.web]', 'a.toml:1:1: unknown table "job": did you mean [[jobs]]?'],
    ['[default]', 'a.toml:1:1: unknown table "default": did you mean [defaults]?'],
    ['[jobs.web]', 'a.toml:1:1: jobs must be an array of tables, each written [[jobs]], got a table'],
    ['[[defaults]]', 'a.toml:1:1: [defaults]: must be one table, written [defaults], got an array'],
    ['[x]', 'a.toml:1:1: unknown table "x": expected [[jobs]] or [defaults]'],
    ['[__proto__]\nx = 1', 'a.toml:1:1: unknown table "__proto__": expected [[jobs]] or [defaults]'],
    ['\n  name = "x"', 'a.toml:2:3: "name" stands in no table: write it below [[jobs]] or [defaults]'],
    [
      '[defaults]\nname = "x"',
      'a.toml:2:1: [defaults]: "name" cannot stand in [defaults]: write it in each job',
    ],
    ['jobs = [1]', 'a.toml:1:9: jobs[0]: must be a table, got 1'],
    [
      '[[jobs]]\nname = "a b"\njob_command = "x"',
      expect.stringMatching(/^a\.toml:2:8: jobs\[0\] "a b": name must be 1 to 64 letters.*, got "a b"$/),
    ],
    ['[[jobs]]\njob_command = "x"', 'a.toml:1:1: jobs[0]: name is missing: every job needs one'],
    ['[[jobs]]\nname = "x"', 'a.toml:1:1: jobs[0] "x": job_command is missing: every job needs one'],
  ])('%j is refused where it stands', (text, expected) => {
    expect(complaints(text)).toEqual([expected]);
  });

  test.each([
    ['a', '1:2: unexpected end of file: expected an equals sign after the key'],
    ['a: 1', '1:2: unexpected ":": expected an equals sign after the key'],
    ['a = \n', '1:5: unexpected end of line: expected a value after the equals sign'],
    ['a = True', '1:5: unexpected "True": expected a value: write true'],
    ['a = node x', '1:5: unexpected "node": expected a value: write text in quotes'],
    ['a = “x”', '1:5: unexpected "“": expected a value: write straight quotes, "…"'],
    ['a = "x\r\n', '1:7: unexpected end of line: expected the quote that closes the string'],
    ['a = """x', '1:9: unexpected end of file: expected the three quotes that close the string'],
    ['a = "\u0001"', '1:6: unexpected character U+0001: expected it to be escaped in a string, as \\uXXXX'],
    ['a = "\\q"', '1:6: invalid escape sequence: write \\\\ for a backslash, or use single quotes'],
    ['umask = 022', '1:9: a number must not begin with 0: write it as a string, in quotes'],
    ['a = 1 2', '1:7: unexpected "2": expected the end of the line, for there is one key on each'],
    ['a = [1\nb = 2', '2:1: unexpected "b": expected a comma, or ] at the end of the array'],
    ['a = { b = 1', '1:12: unexpected end of file: expected a comma, or } at the end of the table'],
    ['[[jobs]\n', '1:8: unexpected end of line: expected ] after the name of the table'],
    ['<<<<<<< HEAD', '1:1: unexpected "<": expected a key, a table such as [[jobs]], or a # comment'],
    ['a = 1\na = 2', '2:1: "a" is set twice: a key may stand once in its table'],
    ['[[jobs]]\n[jobs]', '2:1: jobs is already there: each job begins with [[jobs]], in two brackets'],
    ['[defaults]\n[defaults]', '2:1: a second [defaults]: one table is allowed'],
    ['a = 9007199254740993', '1:5: integer 9007199254740993 cannot be represented: it is too large'],
  ])('TOML that does not parse, %j, is explained in our words', (text, expected) => {
    expect(complaints(text)).toEqual([`a.toml:${expected}`]);
  });

  test('all problems of all files come at once, sorted by file, line and column', () => {
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

  test('T-218 a name that is taken, in whichever file and whichever case, or by an instance, names both places', () => {
    const job = (name: string, more = ''): string =>
      `[[jobs]]\nname = "${name}"\njob_command = "x"\n${more}\n`;
    const files = {
      'a.toml': job('web', 'instances = 2') + job('db'),
      'b.toml': job('db') + job('WEB') + job('web@2') + job('web@3'),
    };
    expect(complaints(files)).toEqual([
      'b.toml:2:8: jobs[0] "db": the name "db" is taken already, by the job at a.toml:5',
      'b.toml:6:8: jobs[1] "WEB": the name "WEB" differs only in case from "web" at a.toml:1, whose log would be the same file',
      'b.toml:10:8: jobs[2] "web@2": the name "web@2" is taken already, by an instance of "web" at a.toml:1',
    ]);
  });

  test('T-219 each circle of after is told once, beginning with the job that stands first', () => {
    const job = (name: string, ...after: string[]): string =>
      `[[jobs]]\nname = "${name}"\njob_command = "x"\nafter = ${JSON.stringify(after)}\n`;
    const text =
      job('z', 'a') +
      job('a', 'ok', 'ok', 'b') +
      job('b', 'c') +
      job('c', 'a') +
      job('ok') +
      job('d', 'e') +
      job('e', 'd');
    expect(complaints(text)).toEqual([
      'a.toml:8:20: jobs[1] "a": after is circular: a → b → c → a',
      'a.toml:24:10: jobs[5] "d": after is circular: d → e → d',
    ]);
  });

  test('an after may name one instance, where there is that one', () => {
    const job = (name: string, more: string): string =>
      `[[jobs]]\nname = "${name}"\njob_command = "x"\n${more}\n`;
    const after = (...names: string[]): string => `after = ${JSON.stringify(names)}`;
    expect(complaints(job('a', 'instances = 2') + job('b', after('a@2', 'c@1')) + job('c@1', ''))).toEqual(
      [],
    );
    const wrong =
      job('a', 'instances = 2') + job('b', '') + job('c', 'instances = 1') + job('none', 'instances = 0');
    expect(complaints(wrong + job('d', after('a@3', 'a@0', 'b@1', 'c@2', 'none@1', 'x@1')))).toEqual([
      'a.toml:20:10: jobs[4] "d": after names "a@3", but "a" has the instances a@1 to a@2',
      'a.toml:20:16: jobs[4] "d": after names "a@0", but "a" has the instances a@1 to a@2',
      'a.toml:20:22: jobs[4] "d": after names "b@1", but "b" has no numbered instances: write "b"',
      'a.toml:20:28: jobs[4] "d": after names "c@2", but "c" has one instance, c@1',
      'a.toml:20:34: jobs[4] "d": after names "none@1", but "none" has 0 instances',
      'a.toml:20:43: jobs[4] "d": after names "x@1", which is no job',
    ]);
    expect(complaints(job('a', `instances = 2\n${after('b')}`) + job('b', after('a@1')))).toEqual([
      'a.toml:5:10: jobs[0] "a": after is circular: a → b → a',
    ]);
    expect(complaints(job('a', `instances = 2\n${after('a@1')}`))).toEqual([
      'a.toml:5:10: jobs[0] "a": after names the job itself',
    ]);
    expect(complaints(job('a', 'instances = -1') + job('b', after('a@1')))).toHaveLength(1);
    expect(complaints(`[defaults]\n${after('a@1')}\n${job('a', 'instances = 2')}${job('b', '')}`)).toEqual(
      [],
    );
  });

  test('where a file or a table is lost, an after is not blamed for naming its jobs', () => {
    const web = '[[jobs]]\nname = "web"\njob_command = "x"\nafter = ["db"]\n';
    expect(complaints({ 'a.toml': web, 'b.toml': 'x' })).toHaveLength(1);
    expect(complaints(`${web}[[job]]\nname = "db"`)).toEqual([
      'a.toml:5:1: unknown table "job": did you mean [[jobs]]?',
    ]);
  });
});

describe('excerpts', () => {
  const problemIn = (text: string): Problem | undefined => {
    const reading = read({ 'a.toml': text });
    return reading.ok ? undefined : { ...reading.problems[0]!, file: 'a.toml' };
  };

  test('a problem is printed with its place, its line and a caret under the column, tabs kept', () => {
    expect(
      formatProblem(problemIn('[[jobs]]\nname = "a"\njob_command = "x"\n\trestart = "alway"\r\n')!),
    ).toBe(
      [
        'a.toml:4:12: jobs[0] "a": restart must be one of "always", "on-failure", "never", got "alway": did you mean "always"?',
        '   4 | \trestart = "alway"',
        '     | \t          ^',
      ].join('\n'),
    );
    expect(formatProblem({ file: 'x', line: 1, column: 1, message: 'm' })).toBe('x:1:1: m');
  });

  test('the caret stands under its column where wide characters are before it', () => {
    const [, caret = ''] = problemIn('a = "日本🚀"; b = 1')?.excerpt?.split('\n') ?? [];
    expect(caret).toBe(`     | ${' '.repeat('a = "'.length + 6 + '"'.length)}^`);
  });

  test('a very long line is cut around the caret, and control characters do not reach the terminal', () => {
    const text = `a = "${'x'.repeat(500)}" \u001b[31m ${'y'.repeat(500)}`;
    const [line = '', caret = ''] = problemIn(text)?.excerpt?.split('\n') ?? [];
    expect(line).toBe(`   1 | …${'x'.repeat(58)}" \ufffd[31m ${'y'.repeat(34)}…`);
    expect(line.charAt(caret.indexOf('^'))).toBe('\ufffd');
  });
});

describe('files that are no config', () => {
  test('T-220 a directory, a FIFO, a broken link and a loop of links are problems, and reading never hangs', () => {
    const dir = folderOf({});
    mkdirSync(join(dir, 'a.toml'));
    execFileSync('mkfifo', [join(dir, 'b.toml')]);
    symlinkSync('nowhere', join(dir, 'c.toml'));
    symlinkSync('d.toml', join(dir, 'd.toml'));
    symlinkSync('/dev/zero', join(dir, 'e.toml'));
    const reading = readConfig({ dir, home: HOME });
    const at = (name: string, message: string): Problem => ({
      file: join(dir, name),
      line: 1,
      column: 1,
      message: `cannot be read: ${message}`,
    });
    expect(reading.ok ? [] : reading.problems).toEqual([
      at('a.toml', 'expected a regular file, found a directory'),
      at('b.toml', 'expected a regular file, found a FIFO'),
      at('c.toml', 'there is no such file'),
      at('d.toml', 'its links lead in a circle'),
      at('e.toml', 'expected a regular file, found a device'),
    ]);
  });

  // Nothing is forbidden to root.
  const testUnlessRoot = process.getuid?.() === 0 ? test.skip : test;

  testUnlessRoot('a file that may not be read is a problem that says so', () => {
    const dir = folderOf({ 'a.toml': '' });
    execFileSync('chmod', ['000', join(dir, 'a.toml')]);
    expect(readConfig({ dir, home: HOME })).toMatchObject({
      problems: [{ message: 'cannot be read: permission is denied' }],
    });
  });

  test('in the place of a folder, a file is the one config file', () => {
    const dir = join(folderOf({ x: '' }), 'x');
    expect(readConfig({ dir, home: HOME })).toMatchObject({ ok: true, files: [dir] });
  });

  test('T-221 invalid UTF-8 and NUL are told with their line and column', () => {
    const latin1 = Buffer.from('\ufeff# ok ü\n# na\u0000ve', 'utf8');
    latin1[latin1.indexOf(0)] = 0xef;
    expect(complaints({ 'a.toml': latin1 })).toEqual([
      'a.toml:2:5: byte 0xEF is not valid UTF-8 here: save the file as UTF-8',
    ]);
    expect(complaints('a = 1\n\u0000')).toEqual([
      'a.toml:2:1: unexpected NUL character: expected a text file',
    ]);
  });

  test('T-222 a file above 8 MiB and jobs above 10 000 are refused before they are parsed', () => {
    expect(complaints({ 'a.toml': `[ #${' '.repeat(8 * 2 ** 20)}` })).toEqual([
      'a.toml:1:1: is too large: at most 8 MiB are read',
    ]);
    expect(
      complaints({
        'a.toml': `[[jobs]]\n${'[[jobs]]\n'.repeat(5000)}`,
        'b.toml': ' [[ jobs ]] [\n'.repeat(5000),
      }),
    ).toEqual(['b.toml:5000:1: too many jobs: at most 10000 are read']);
    expect(
      complaints(
        '[[jobs]]\nname = "a"\njob_command = "x"\ninstances = 10000\n[[jobs]]\nname = "b"\njob_command = "x"',
      ),
    ).toEqual(['a.toml:5:1: jobs[1] "b": too many jobs: at most 10000, instances included, are kept']);
  });

  test('check reads the files that it is given, each once, and a missing one is a problem', () => {
    const dir = folderOf({ 'a.conf': '[[jobs]]\nname = "a"\njob_command = "x"' });
    const files = [join(dir, 'a.conf'), join(dir, 'a.conf')];
    expect(readConfigFiles(files, { home: HOME })).toMatchObject({
      ok: true,
      files: [files[0]],
      config: { jobs: [{ name: 'a' }] },
    });
    expect(readConfigFiles([join(dir, 'b')], { home: HOME })).toMatchObject({
      ok: false,
      problems: [{ file: join(dir, 'b'), line: 1 }],
    });
  });
});

describe('env files', () => {
  const readEnv = (env: string): Job['envFromFiles'] | Problem => {
    const dir = folderOf({ 'x.env': env });
    const reading = read({
      'a.toml': `[[jobs]]\nname = "a"\njob_command = "x"\ncwd = "${dir}"\nenv_file = "x.env"`,
    });
    return reading.ok ? reading.config.jobs[0]!.envFromFiles : { ...reading.problems[0]!, file: 'x.env' };
  };

  test.each([
    ['A=1\nB = two words  # no\n\n# c\nexport C=3\r\nA=4', { A: '4', B: 'two words', C: '3' }],
    [`A='it''s'`, null],
    [
      `A='$x \\n "'\nB="a\\n\\t\\"\\\\ $x \\q"\nC=it's#1 #2`,
      { A: '$x \\n "', B: 'a\n\t"\\ $x \\q', C: "it's#1" },
    ],
    ['A="two\nlines"\nB=\nC=  \nD=#x\nE=""', { A: 'two\nlines', B: '', C: '', D: '', E: '' }],
    ['\ufeff__proto__=1', Object.fromEntries([['__proto__', '1']])],
    ['', {}],
  ])('%j is read', (text, expected) => {
    if (expected !== null) expect(readEnv(text)).toStrictEqual(expected);
    else expect(readEnv(text)).toMatchObject({ line: 1 });
  });

  test.each([
    ['A=1\nsecret', 2, 1, 'expected NAME=value, a # comment or an empty line'],
    ['=1', 1, 1, 'expected NAME=value, a # comment or an empty line'],
    ['A="secret\n', 1, 3, 'this quote is never closed'],
    ["A=1\nB='a'secret", 2, 6, 'expected the end of the line after the value'],
    ['A=\u0000', 1, 3, 'unexpected NUL character: expected a text file'],
  ])('%j is refused at its own line, and nothing of it is shown', (text, line, column, message) => {
    expect(readEnv(text)).toStrictEqual({ file: 'x.env', line, column, message });
  });

  test('T-223 a later file wins, a path is relative to cwd, and one in [defaults] is so for each job', () => {
    const dir = folderOf({ '1.env': 'A=1\nB=1', '2.env': 'B=2' });
    const text = `[defaults]\nenv_file = ["1.env", "~/2.env"]\n[[jobs]]\nname = "a"\njob_command = "x"\ncwd = "${dir}"`;
    const reading = readConfigFiles([join(folderOf({ 'a.toml': text }), 'a.toml')], { home: dir });
    expect(reading.ok && reading.config.jobs[0]!.envFromFiles).toEqual({ A: '1', B: '2' });
    expect(
      complaints(`${text}\n[[jobs]]\nname = "b"\njob_command = "x"\n[[jobs]]\nname = "c"\njob_command = "x"`),
    ).toHaveLength(2);
  });

  test('where cwd itself is wrong, no file is looked for', () => {
    expect(
      complaints('[defaults]\ncwd = "x"\nenv_file = "1.env"\n[[jobs]]\nname = "b"\njob_command = "x"'),
    ).toHaveLength(1);
    expect(saidAbout('cwd = "x"\nenv_file = "1.env"')).toHaveLength(1);
  });
});

describe('schedules', () => {
  const from = Date.UTC(2026, 0, 1);
  const timesOf = (text: string): readonly string[] => {
    const schedule = parseSchedule(text, 'UTC');
    if (!schedule.ok) throw new Error(schedule.message);
    const first = nextTime(schedule.value, from) ?? 0;
    return [first, nextTime(schedule.value, first) ?? 0].map((time) =>
      new Date(time).toISOString().slice(0, 16),
    );
  };

  test.each([
    ['every 1h30m', ['2026-01-01T01:30', '2026-01-01T03:00']],
    ['every 90 s', ['2026-01-01T00:01', '2026-01-01T00:03']],
    ['5,1 */12 * jan-MAR mon', ['2026-01-05T00:01', '2026-01-05T00:05']],
    ['0 0 31 2 5-7', ['2026-02-01T00:00', '2026-02-06T00:00']],
    ['0 0 13 * fri', ['2026-01-02T00:00', '2026-01-09T00:00']],
    ['10-59/20 0 1 1 *', ['2026-01-01T00:10', '2026-01-01T00:30']],
    ['0 0 L * *', ['2026-01-31T00:00', '2026-02-28T00:00']],
    ['@weekly', ['2026-01-04T00:00', '2026-01-11T00:00']],
    ['0 0 29 2 *', ['2028-02-29T00:00', '2032-02-29T00:00']],
  ])('%s is understood', (text, expected) => {
    expect(timesOf(text)).toEqual(expected);
  });

  test.each([
    '',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '*/0 * * * *',
    '5-1 * * * *',
    '@reboot',
    '0 0 30 2 *',
    'every 0s',
    'every 25d',
    'every',
    '1, * * * *',
    '10/20 * * * *',
    '2026-01-01T00:00:00',
  ])('%j is refused', (text) => {
    expect(parseSchedule(text)).toMatchObject({ ok: false });
  });
});

describe('whatever the file holds', () => {
  test('T-224 a config cut off or changed at random is read or refused, and never throws; nothing is polluted', () => {
    const seed = Date.now() % 1e6;
    console.info(`seed ${seed}`);
    const random = new Random(seed);
    const file = join(folderOf({}), 'a.toml');
    const letters = [...Array.from('[]{}"\'=#.,\\\n\t -x9é\u0000'), '__proto__', 'jobs', 'true'];
    let refused = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const at = random.int(0, FULL.length - 1);
      const text =
        round % 2 === 0
          ? FULL.slice(0, at)
          : FULL.slice(0, at) + some(random, letters, 3) + FULL.slice(at + 2);
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
});

describe('what is written about the config', () => {
  test('the first config reads back as one job that runs anywhere', () => {
    const [job, ...others] = jobsOf(FIRST_CONFIG);
    expect(others).toEqual([]);
    expect(job).toStrictEqual({
      ...LEAST_JOB,
      name: 'clock',
      command: { exe: 'sh', args: ['-c', 'while :; do date; sleep 5; done'] },
      description: 'tells the time every five seconds',
    });
    expect(readConfig({ dir: folderOf({ 'jobs.toml': FIRST_CONFIG }), home: HOME }).ok).toBe(true);
  });

  test('every key stands in the first config, and every example in it is valid', () => {
    const examples = FIRST_CONFIG.split('\n').flatMap((line) => /^# ([a-z_]+ = .*)$/.exec(line)?.[1] ?? []);
    for (const example of examples) {
      const least = example.startsWith('job_command') ? '' : 'job_command = "x"\n';
      expect([example, complaints(`[[jobs]]\nname = "a"\n${least}${example}`)]).toEqual([example, []]);
    }
    const shown = new Set([...FIRST_CONFIG.matchAll(/^(?:# )?([a-z_]+) = /gm)].map(([, name]) => name));
    expect(shown).toEqual(new Set(KEYS.map(({ name }) => name)));
  });

  test('the table of keys in docs/configuration.md is the one made from the list', () => {
    const docs = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
    expect(/<!-- keys -->\n\n(.*)\n\n<!-- \/keys -->/s.exec(docs)?.[1]).toBe(keyTable());
  });

  test('only what the child process itself sees restarts it', () => {
    expect(KEYS.filter(({ restarts }) => restarts).map(({ name }) => name)).toEqual([
      'job_command',
      'cwd',
      'env',
      'env_file',
      'umask',
    ]);
  });
});

/** Fewer than `most` of them, one after the other. */
function some(random: Random, from: readonly string[], most: number): string {
  return Array.from({ length: random.int(0, most - 1) }, () => random.pick(from)).join('');
}
