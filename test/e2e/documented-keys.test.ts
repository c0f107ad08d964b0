import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { JobStatus } from '../../src/wire/messages.ts';
import { freePort } from './support/free-port.ts';
import { fixture, Home, root } from './support/home.ts';
import { shellJob } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

/** The example in the part of a key, as the page has it. */
function example(key: string): string {
  const page = readFileSync(join(root, 'docs/configuration.md'), 'utf8');
  const part = page.split(/^### /m).find((each) => each.startsWith(`\`${key}\`\n`)) ?? '';
  const [, toml] = /^```toml\n([^]*?)^```$/m.exec(part) ?? [];
  if (toml === undefined) throw new Error(`no example of ${key}`);
  return toml;
}

/** A program that the example takes for the user's, and that only runs. */
function standIn(name: string): string {
  const path = join(home.dir, 'bin', name);
  mkdirSync(join(home.dir, 'bin'), { recursive: true });
  writeFileSync(path, '#!/bin/sh\nexec sleep 1000\n');
  chmodSync(path, 0o755);
  return path;
}

/** Runs the example. `change` gives it programs that are there, and times that a test can wait for. */
async function tried(key: string, change: (toml: string) => string = (toml) => toml): Promise<void> {
  home.write('jobs.toml', `[defaults]\nstart_seconds = 0\ncwd = "~"\n${change(example(key))}`);
  expect(await home.overseer('check')).toMatchObject({ code: 0 });
  expect(await home.overseer()).toMatchObject({ code: 0, stderr: '' });
}

/** What the numbers of so many free ports have before their last digit, which counts from 1. */
async function portsInARow(count: number): Promise<string> {
  for (;;) {
    const row = String(await freePort()).slice(0, -1);
    const isFree = [...Array(count).keys()].map((at) => canListen(Number(`${row}${at + 1}`)));
    if ((await Promise.all(isFree)).every(Boolean)) return row;
  }
}

const canListen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer().on('error', () => resolve(false));
    server.listen(port, 'localhost', () => server.close(() => resolve(true)));
  });

const daemonLog = (): string => readFileSync(join(home.data, 'overseerd.log'), 'utf8');
const restarted = (name: string, { pid }: JobStatus): Promise<JobStatus> =>
  home.until(name, (job) => job.state === 'running' && job.pid !== pid);
const said = (name: string, text: string): Promise<JobStatus> =>
  home.until(name, () => home.log(name).includes(text));

test('T-1067 the example of enabled is held, and runs once it is started', async () => {
  const program = standIn('profile-server');
  await tried('enabled', (toml) => toml.replace('"profile-server"', `"${program}"`));
  expect(await home.job('profiler')).toMatchObject({ state: 'held', pid: null });
  await home.overseer('start', 'profiler');
  expect(await home.job('profiler')).toMatchObject({ state: 'running' });
});

test('T-1068 the example of alive restarts a server whose answer is no longer 200 to 399', async () => {
  const port = await freePort();
  writeFileSync(
    home.path('server.js'),
    `require('node:http').createServer((_, response) => {
       response.writeHead(require('node:fs').existsSync('ill') ? 503 : 200).end();
     }).listen(${port}, 'localhost');\n`,
  );
  await tried('alive', (toml) =>
    toml.replace('8080', String(port)).replace('interval = 10', 'interval = 0.1'),
  );
  const web = await home.job('web');
  writeFileSync(home.path('ill'), '');
  await restarted('web', web);
  rmSync(home.path('ill'));
  expect((await home.overseer('why', 'web')).stdout).toContain('503');
});

test('T-1069 the example of max_memory restarts a worker that grows', async () => {
  writeFileSync(home.path('worker.js'), readFileSync(fixture('grows-once')));
  await tried('max_memory', (toml) => toml.replace('300MB', '150MB'));
  const worker = await home.job('worker');
  writeFileSync(home.path('grow'), '');
  await restarted('worker', worker);
  expect((await home.overseer('why', 'worker')).stdout).toContain('above the 150 MB of max_memory');
});

test('T-1080 the example of tags: one word restarts all that store, and the server comes after them', async () => {
  const [db, cache, web] = ['postgres', 'redis-server', 'node'].map(standIn);
  await tried('tags', (toml) =>
    toml
      .replace('postgres -D data', `${db}`)
      .replace('redis-server', `${cache}`)
      .replace('node server.js', `${web}`),
  );
  const before = (await home.status()).jobs;
  expect(before.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'cache running',
    'db running',
    'web running',
  ]);
  expect((await home.overseer('restart', 'tag:storage')).code).toBe(0);
  const after = (await home.status()).jobs;
  expect(after.filter(({ pid }, at) => pid !== before[at]?.pid).map(({ name }) => name)).toEqual([
    'cache',
    'db',
  ]);
});

test('T-1081 the examples of limits and nice: the job itself prints what they say', async () => {
  const prints = shellJob('web', 'ulimit -Sn; ulimit -Sc; nice; exec sleep 1000');
  home.write('jobs.toml', `${prints}${example('limits')}${example('nice')}`);
  expect(await home.overseer()).toMatchObject({ code: 0, stderr: '' });
  await said('web', '4096\nunlimited\n10\n');
});

test('T-1082 the example of stdin answers what is sent to it', async () => {
  await tried('stdin', (toml) => toml.replace('node -i', `${process.execPath} -i`));
  expect((await home.overseer('send', 'console', '6 * 7')).code).toBe(0);
  await said('console', '42');
});

test('T-1087 the example of rolling replaces one server after the other', async () => {
  writeFileSync(
    home.path('server.js'),
    `require('node:http').createServer((_, response) => response.end()).listen(process.env.PORT, 'localhost');\n`,
  );
  const ports = await portsInARow(4);
  await tried('rolling', (toml) => toml.replaceAll('808$', `${ports}$`));
  const before = (await home.status()).jobs.map(({ pid }) => pid);
  expect(before).toHaveLength(4);
  const told = daemonLog().length;
  expect((await home.overseer('restart', 'web')).code).toBe(0);
  const after = (await home.status()).jobs;
  expect(after.map(({ state, pid }, at) => [state, pid === before[at]])).toEqual(
    before.map(() => ['running', false]),
  );
  const steps = daemonLog()
    .slice(told)
    .matchAll(/ (web@\d) (stopping|running)\b/g);
  expect([...steps].map(([, name, state]) => `${name} ${state}`)).toEqual(
    [1, 2, 3, 4].flatMap((number) => [`web@${number} stopping`, `web@${number} running`]),
  );
});
