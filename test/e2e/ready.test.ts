import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { awaited, kill } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { freePort } from './support/free-port.ts';
import { isTrue } from './support/is-true.ts';
import { pids } from './support/pids.ts';

/** A job that runs a line of shell. */
function job(name: string, script: string, keys = ''): string {
  return `[[jobs]]\nname = "${name}"\nstart_seconds = 0\njob_command = { exe = "sh", args = ["-c", ${JSON.stringify(script)}] }\n${keys}\n`;
}

const SLEEPS = 'exec sleep 1000';

/** A program that answers at a port, from the moment when a file named `go` is there. */
const server = (port: number, answer: string): string =>
  `while ! test -e go; do sleep 0.05; done; exec ${process.execPath} -e "${answer.replaceAll('PORT', String(port))}"`;

const touch = (name: string, text = ''): void => writeFileSync(home.path(name), text);

const why = async (name: string): Promise<string> =>
  (await home.overseer('why', name)).stdout.replaceAll(/\s+/g, ' ');

test('T-95 a job is starting, and says why, until its port answers', async () => {
  const port = await freePort();
  const listen = server(port, "require('net').createServer().listen(PORT, '127.0.0.1')");
  home.write(
    'jobs.toml',
    job('web', listen, `ready = { tcp = "127.0.0.1:${port}", interval = 0.05 }`) +
      job('next', SLEEPS, 'after = ["web"]'),
  );
  const applied = home.apply();
  await awaited(async () => existsSync(join(home.data, 'socket')) || null, 'a daemon');
  const told = await awaited(
    async () => ((await why('web')).includes('ECONNREFUSED') ? why('web') : null),
    'a first look',
  );
  expect(told).toContain(`It waits to be ready: 127.0.0.1:${port}: ECONNREFUSED.`);
  expect((await home.status()).jobs).toMatchObject([
    { name: 'next', state: 'waiting' },
    { name: 'web', state: 'starting' },
  ]);
  touch('go');
  expect((await applied).changes).toMatchObject([
    { job: 'next', action: 'start', state: 'running' },
    { job: 'web', action: 'start', state: 'running' },
  ]);
});

test('T-96 a URL that answers with an error is not ready, one that answers with a redirect is', async () => {
  const port = await freePort();
  const answer =
    "require('http').createServer((q, a) => a.writeHead(require('fs').existsSync('well') ? 302 : 503, {location: 'http://nowhere.invalid/'}).end()).listen(PORT, '127.0.0.1')";
  home.write(
    'jobs.toml',
    job('web', server(port, answer), `ready = { http = "http://127.0.0.1:${port}/health", interval = 0.05 }`),
  );
  touch('go');
  await home.apply('--no-wait');
  await awaited(
    async () => (await why('web')).includes(`http://127.0.0.1:${port}/health: answered 503.`) || null,
    'the first answer',
  );
  expect(await home.job('web')).toMatchObject({ state: 'starting' });
  touch('well');
  await home.until('web', ({ state }) => state === 'running');
});

test('T-97 a readiness command that outlives its time is killed with its group and tried again', async () => {
  const command = '{ exe = "sh", args = ["-c", "test -e go || { sleep 2000 & sleep 2000; }"] }';
  home.write(
    'jobs.toml',
    job('web', SLEEPS, `ready = { command = ${command}, interval = 0.05, timeout = 1 }`),
  );
  await home.apply('--no-wait');
  await awaited(
    async () => (await why('web')).includes('gave no answer within 1 s.') || null,
    'a first time-out',
  );
  touch('go');
  const { pid } = await home.until('web', ({ state }) => state === 'running');
  await isTrue(
    () => home.processes().every((one) => one === pid || one === home.daemonPid()),
    'no probe left',
  );
});

test('T-98 only a line that was written since this start makes a job ready', async () => {
  const script =
    'test -e quiet || echo "listening on 80"; while ! test -e go; do sleep 0.05; done; echo "listening on 80"; exec sleep 1000';
  home.write('jobs.toml', job('web', script, 'ready = { log = "^listening on \\\\d+$", interval = 0.05 }'));
  expect((await home.apply()).changes).toMatchObject([{ state: 'running' }]);
  touch('quiet');
  const { pid } = await home.job('web');
  kill(pid ?? 0, 'SIGKILL');
  await home.until('web', (now) => now.state === 'starting' && now.pid !== pid && now.pid !== null);
  await awaited(
    async () => (await why('web')).includes('no line of its log matches') || null,
    'a first look',
  );
  touch('go');
  await home.until('web', ({ state }) => state === 'running');
});

test('a daemon that comes back while a job is starting looks on, from where its output began', async () => {
  const script = 'echo ready; exec sleep 1000';
  const later = 'while ! test -e go; do sleep 0.05; done; exec sleep 1000';
  home.write(
    'jobs.toml',
    job('log', script, 'ready = { log = "^ready$", interval = 1000 }') +
      job('command', later, 'ready = { command = "test -e go", interval = 0.05 }'),
  );
  await home.apply('--no-wait');
  await isTrue(() => home.log('log') === 'ready\n', 'the line');
  const before = await pids();
  await home.killDaemon();
  await home.apply('--no-wait');
  await home.until('log', ({ state }) => state === 'running');
  expect(await home.job('command')).toMatchObject({ state: 'starting' });
  touch('go');
  await home.until('command', ({ state }) => state === 'running');
  expect(await pids()).toEqual(before);
});

test('a job that never gets ready can be stopped, and a corrected `ready` is probed at once', async () => {
  home.write('jobs.toml', job('web', SLEEPS, 'ready = { command = "false", interval = 0.05 }'));
  await home.apply('--no-wait');
  const { pid } = await home.until('web', (now) => now.state === 'starting' && now.pid !== null);
  home.write('jobs.toml', job('web', SLEEPS, 'ready = { command = "true", interval = 0.05 }'));
  expect((await home.apply()).changes).toMatchObject([{ action: 'update', state: 'running', pid }]);
  home.write('jobs.toml', job('web', SLEEPS, 'ready = { command = "false", interval = 0.05 }'));
  await home.apply();
  await home.overseer('restart', '--no-wait', 'web');
  await home.until('web', (now) => now.state === 'starting' && now.pid !== null);
  expect((await home.overseer('stop', 'web')).code).toBe(0);
  expect(await home.job('web')).toMatchObject({ state: 'stopped', pid: null });
});
