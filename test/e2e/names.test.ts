import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Home, awaited } from './support/home.ts';
import { shellJob } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const says = (name: string, text: string, more = ''): string =>
  shellJob(name, `echo ${text}; exec sleep 1000`, more);
const isLogged = (name: string, text: string): Promise<true> =>
  awaited(async () => (home.log(name).includes(text) ? true : null), `${text} in the log of ${name}`);

test('logs, events and completion tell the job db@2 from a copy of db', async () => {
  home.write('jobs.toml', says('db', 'one') + says('db@2', 'two') + says('web', 'copy', 'instances = 2'));
  await home.overseer();
  await isLogged('db', 'one');
  await isLogged('db@2', 'two');
  await isLogged('web@2', 'copy');
  expect((await home.overseer('logs', 'db')).stdout).toBe('one\n');
  expect((await home.overseer('logs', 'db@2')).stdout).toBe('two\n');
  expect((await home.overseer('logs', 'web')).stdout).toBe('web@1 | copy\nweb@2 | copy\n');
  const { stdout } = await home.overseer('events', 'db', '--json');
  const ids = stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: string }).id);
  expect([...new Set(ids)]).toEqual(['db']);
  expect((await home.overseer('__jobs')).stdout).toBe('db\ndb@2\nweb\nweb@1\nweb@2\n');
  await home.overseer('die');
  expect((await home.overseer('logs', 'db')).stdout).toBe('one\n');
  expect((await home.overseer('__jobs')).stdout).toBe('db\ndb@2\nweb\nweb@1\nweb@2\n');
});

test('a job that was just added to the config is reported as not applied, not as misspelt', async () => {
  home.write('jobs.toml', says('a', 'one'));
  await home.overseer();
  home.write('more.toml', says('b', 'two') + says('c', 'three', 'instances = 2'));
  const told = async (...words: readonly string[]): Promise<string> => {
    const { code, stderr } = await home.overseer(...words);
    return `${code} ${stderr.split('\n')[0]}`;
  };
  const unread = (names: string, are: string, them: string): string =>
    `4 overseer: ${names} ${are} in the config, but the daemon has not read ${them} yet: \`overseer\` applies the config`;
  for (const words of [['start'], ['stop'], ['why'], ['status'], ['signal', 'TERM'], ['events'], ['wait']])
    expect(await told(...words, 'b')).toBe(unread('b', 'is', 'it'));
  expect(await told('start', 'c@2')).toBe(unread('c@2', 'is', 'it'));
  expect(await told('start', 'a', 'b', 'c')).toBe(unread('b, c', 'are', 'them'));
  expect(await told('start', 'nope')).toBe('4 overseer: no such job: nope (known are a)');
});

test('a file that no job can have written is no log of one', async () => {
  mkdirSync(join(home.data, 'logs'), { recursive: true, mode: 0o700 });
  for (const name of ['\u001b[31mred', '-f', 'a b', '\u202eweb', ''])
    writeFileSync(join(home.data, 'logs', `${name}.log`), 'strange\n');
  writeFileSync(join(home.data, 'logs', 'web.log'), 'mine\n');
  expect((await home.overseer('logs')).stdout).toBe('web | mine\n');
  expect((await home.overseer('__jobs')).stdout).toBe('web\n');
});
