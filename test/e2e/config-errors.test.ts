import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../src/config/config.ts';
import type { ReportJson as Report } from '../../src/cli/words/change-words.ts';
import { Home, OVERSEERD, kill, within } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const good =
  '[[jobs]]\nname = "web"\njob_command = "sleep 1000"\nstart_seconds = 0\n\n[[jobs]]\nname = "api"\njob_command = "sleep 1000"\nstart_seconds = 0\n';

/** A config that is wrong: what stands in `new.toml`, and where, and what is said of it. */
interface Mistake {
  readonly name: string;
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const SHELL = 'put it in single quotes, or write { exe = "sh", args = ["-c", "…"] }';
const NAME = 'name must be 1 to 64 letters, digits or _ . @ : - beginning with a letter, a digit or _';

const mistakes: readonly Mistake[] = [
  {
    name: 'a string that is not closed',
    text: '[[jobs]]\nname = "new"\njob_command = "sleep 1',
    line: 3,
    column: 23,
    message: 'unexpected end of file: expected the quote that closes the string',
  },
  {
    name: 'a wrong type',
    text: '[[jobs]]\nname = "new"\njob_command = 3\n',
    line: 3,
    column: 15,
    message: 'jobs[0] "new": job_command must be a command: { exe = "…", args = ["…"] } or one string, got 3',
  },
  {
    name: 'a word that is none of the possible ones',
    text: '[[jobs]]\nname = "new"\njob_command = "true"\nrestart = "sometimes"\n',
    line: 4,
    column: 11,
    message: 'jobs[0] "new": restart must be one of "always", "on-failure", "never", got "sometimes"',
  },
  {
    name: 'an unknown key',
    text: '[[jobs]]\nname = "new"\njob_command = "true"\nstop_timout = 3\n',
    line: 4,
    column: 1,
    message: 'jobs[0] "new": unknown key "stop_timout": did you mean "stop_timeout"?',
  },
  {
    name: 'an unknown table',
    text: '[[job]]\nname = "new"\njob_command = "true"\n',
    line: 1,
    column: 1,
    message: 'unknown table "job": did you mean [[jobs]]?',
  },
  {
    name: 'a name that another file has',
    text: '\n[[jobs]]\nname = "web"\njob_command = "true"\n',
    line: 3,
    column: 8,
    message: 'jobs[0] "web": the name "web" is taken already, by the job at GOOD:1',
  },
  {
    name: 'a name that leads out of the data folder',
    text: '[[jobs]]\nname = "../x"\njob_command = "true"\n',
    line: 2,
    column: 8,
    message: `jobs[0] "../x": ${NAME}, got "../x"`,
  },
  {
    name: 'an `after` that names no job',
    text: '[[jobs]]\nname = "new"\njob_command = "true"\nafter = ["wbe"]\n',
    line: 4,
    column: 10,
    message: 'jobs[0] "new": after names "wbe", which is no job: did you mean "web"?',
  },
  {
    name: 'an `after` that names its own job',
    text: '[[jobs]]\nname = "new"\njob_command = "true"\nafter = ["new"]\n',
    line: 4,
    column: 10,
    message: 'jobs[0] "new": after names the job itself',
  },
  {
    name: 'a circle of `after`',
    text: '[[jobs]]\nname = "a"\njob_command = "true"\nafter = ["b"]\n[[jobs]]\nname = "b"\njob_command = "true"\nafter = ["a"]\n',
    line: 4,
    column: 10,
    message: 'jobs[0] "a": after is circular: a → b → a',
  },
  {
    name: 'a command for a shell',
    text: '[[jobs]]\nname = "new"\njob_command = "sleep 1 | cat"\n',
    line: 3,
    column: 24,
    message: `jobs[0] "new": job_command: | means something to a shell, and no shell runs this: ${SHELL}`,
  },
  {
    name: 'a command of no words',
    text: '[[jobs]]\nname = "new"\njob_command = ""\n',
    line: 3,
    column: 15,
    message: 'jobs[0] "new": job_command: expected a program and its arguments, got an empty command',
  },
  {
    name: 'a number out of range',
    text: '[[jobs]]\nname = "new"\njob_command = "true"\nstop_timeout = 1e99\n',
    line: 4,
    column: 16,
    message: 'jobs[0] "new": stop_timeout must be a number of seconds from 0 to 2147483.647, got 1e+99',
  },
  {
    name: 'a signal that is none',
    text: '[[jobs]]\nname = "new"\njob_command = "true"\nstop_signal = "SIGTREM"\n',
    line: 4,
    column: 15,
    message:
      'jobs[0] "new": stop_signal must be the name of a signal that can end a job, got "SIGTREM": did you mean "SIGTERM"?',
  },
];

/** Name, pid and start of each running job. */
async function lives(): Promise<readonly string[]> {
  return (await home.status()).jobs.map(({ name, pid, startedAt }) => `${name} ${pid} ${startedAt}`);
}

describe('a config with a mistake is refused whole, and says where it is and what to write', () => {
  test.each(mistakes)('T-53 $name', async ({ text, line, column, message }) => {
    const goodPath = home.write('good.toml', good);
    await home.overseer();
    const before = await lives();
    const file = home.write('new.toml', text);
    const problem: Problem = { file, line, column, message: message.replace('GOOD', goodPath) };
    const said = `${file}:${line}:${column}: ${problem.message}`;
    const [human, check, plan, ...reports] = await Promise.all([
      home.overseer(),
      home.overseer('check'),
      home.overseer('plan', '--exit-code'),
      home.json<Report>(),
      home.json<Report>('plan'),
      home.json<Report>('check'),
    ]);
    expect(
      [human, check, plan].map(({ code, stdout, stderr }) => [code, stdout, stderr.split('\n')[0]]),
    ).toEqual([
      [78, '', said],
      [78, '', said],
      [78, '', said],
    ]);
    expect(human.stderr).toMatch(/\noverseer: the config has a problem; nothing was changed\n$/);
    expect(reports.map(({ ok, problems }) => ({ ok, problems }))).toEqual(
      reports.map(() => ({ ok: false, problems: [problem] })),
    );
    expect(reports[0]?.changes).toEqual([]);
    expect(await lives()).toEqual(before);
  });
});

test('T-54 every problem of every file is shown at once', async () => {
  const a = home.write('a.toml', '[[jobs]]\nname = "a"\njob_command = 3\nrestrat = "never"\n');
  const b = home.write('b.toml', '[[jobs]]\nname = "b"\njob_command = "true"\numask = 22\n');
  const { problems } = await home.json<Report>('check');
  expect(problems.map(({ file, line }) => `${file}:${line}`)).toEqual([`${a}:3`, `${a}:4`, `${b}:4`]);
  const { code, stderr } = await home.overseer();
  expect([code, stderr.split('\n').at(-2)]).toEqual([
    78,
    'overseer: the config has 3 problems; nothing was changed',
  ]);
});

describe('where no daemon runs, a config with a mistake starts none', () => {
  const bad = '[[jobs]]\nname = "new"\njob_command = 3\n';

  test('a config with a mistake leaves nothing behind for a new user, and is reported as ever', async () => {
    const file = home.write('new.toml', bad);
    const report = await home.apply();
    expect([report.code, home.processes(), existsSync(home.data)]).toEqual([78, [], false]);
    home.spawn(OVERSEERD, []);
    await home.serving();
    expect(await home.apply()).toEqual(report);
    expect(report).toMatchObject({ ok: false, changes: [], problems: [{ file, line: 3, column: 15 }] });
  });

  test('no job that was taken down comes up before the config is mended', async () => {
    home.write('good.toml', good);
    await home.overseer();
    await home.overseer('die');
    const file = home.write('new.toml', bad);
    const { code, stdout, stderr } = await home.overseer();
    expect([
      code,
      stdout,
      stderr.split('\n')[0]?.startsWith(`${file}:3:15: `),
      stderr.split('\n').at(-2),
    ]).toEqual([78, '', true, 'overseer: the config has a problem; nothing was changed']);
    expect([home.processes(), existsSync(join(home.data, 'socket'))]).toEqual([[], false]);
    rmSync(file);
    expect((await home.apply()).changes.map(({ job, state }) => `${job} ${state}`)).toEqual([
      'api running',
      'web running',
    ]);
  });
});

test('T-55 the last good config stays in force until the mended config is read', async () => {
  home.write('jobs.toml', good);
  await home.overseer();
  const [api, web] = (await home.status()).jobs;
  home.write('jobs.toml', good.replaceAll('sleep 1000', 'sleep 2000').replace('name = "api"', 'nam = "api"'));
  expect((await home.overseer()).code).toBe(78);
  kill(web?.pid ?? 0, 'SIGKILL');
  const back = await home.until('web', ({ pid }) => pid !== null && pid !== web?.pid);
  expect([
    back.restarts,
    (await home.job('api')).pid,
    (await home.overseer('why', 'web')).stdout.includes('sleep 1000'),
  ]).toEqual([1, api?.pid, true]);
  home.write('jobs.toml', good.replaceAll('sleep 1000', 'sleep 2000'));
  expect((await home.apply()).changes.map(({ action, reason }) => `${action} ${reason}`)).toEqual([
    'restart changed',
    'restart changed',
  ]);
});

test('a mistake outlives a crash: the next daemon adopts the jobs with the last good config', async () => {
  const file = home.write('jobs.toml', good);
  await home.overseer();
  const before = await lives();
  const daemon = home.daemonPid();
  writeFileSync(file, 'this is no config\n');
  await home.killDaemon();
  expect((await home.overseer()).code).toBe(78);
  expect([await lives(), home.daemonPid() === daemon]).toEqual([before, false]);
});

test('T-56 a path that cannot be a config file is refused at once and never waited for', async () => {
  home.write('good.toml', good);
  await home.overseer();
  const before = await lives();
  const path = join(home.config, 'odd.toml');
  const oddities: Readonly<Record<string, () => unknown>> = {
    'expected a regular file, found a directory': () => mkdirSync(path),
    'expected a regular file, found a device': () => symlinkSync('/dev/zero', path),
    'its links lead in a circle': () => symlinkSync(path, path),
    'is too large: at most 8 MiB are read': () => writeFileSync(path, Buffer.alloc(9 * 1024 * 1024, '#')),
    'byte 0xFF is not valid UTF-8 here': () => writeFileSync(path, Buffer.from([0xff, 0xfe, 0x5b, 0x00])),
  };
  for (const [said, make] of Object.entries(oddities)) {
    rmSync(path, { recursive: true, force: true });
    make();
    const { code, stderr } = await within(home.overseer(), said);
    expect([code, stderr.startsWith(`${path}:1:1: `), stderr.includes(said)]).toEqual([78, true, true]);
  }
  expect(await lives()).toEqual(before);
});

test('T-57 a byte order mark and CRLF are accepted, and an empty file is a config of no jobs', async () => {
  home.write('bom.toml', `\u{feff}${good.replaceAll('\n', '\r\n')}`);
  home.write('empty.toml', '');
  expect((await home.apply()).changes.map(({ job, state }) => `${job} ${state}`)).toEqual([
    'api running',
    'web running',
  ]);
});
