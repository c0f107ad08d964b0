import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClientOfDaemon } from '../../../src/library/client-of-daemon.ts';
import type { Reply, Transition } from '../../../src/wire/messages.ts';
import { AskedDaemon } from '../../support/asked-daemon.ts';
import { HOMES, launchOf } from '../../support/fake-client.ts';
import { newFolder } from '../../support/new-folder.ts';
import { answer, DAEMON, job, JOBS, refusal, REPORT, statusOf, WHY } from '../../support/sample-replies.ts';
import { read } from '../../support/read-values.ts';

let daemon: AskedDaemon;
let client: ClientOfDaemon;
beforeEach(() => {
  daemon = new AskedDaemon();
  client = new ClientOfDaemon(daemon.target);
});

const mayLaunch = (): ClientOfDaemon => new ClientOfDaemon({ ...daemon.target, mayLaunch: true });
const code = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'resolved',
    (error: Error & { code: string }) => [error.name, error.code],
  );

test('a client that connects knows its daemon, and rejects where none runs', async () => {
  daemon.on('status', [statusOf()]);
  expect((await ClientOfDaemon.connected(daemon.target)).daemon).toEqual(DAEMON);
  daemon.gone();
  expect(await code(ClientOfDaemon.connected(daemon.target))).toEqual(['NoDaemonError', 'no-daemon']);
  const launching = await ClientOfDaemon.connected({ ...daemon.target, mayLaunch: true });
  expect(launching.daemon).toBeNull();
  daemon.world.homesTrouble = 'it is a file';
  expect(await code(ClientOfDaemon.connected({ ...daemon.target, mayLaunch: true }))).toEqual([
    'OverseerError',
    'homes',
  ]);
});

test('each change is asked for as the command of its name asks', async () => {
  for (const name of ['apply', 'start', 'stop', 'restart'] as const) daemon.on(name, [answer(REPORT)]);
  expect(await client.apply()).toMatchObject({ ok: true, changes: [{ job: 'web', action: 'none' }] });
  await client.apply({ wait: false });
  await client.start('web');
  await client.start(['web', 'db'], { wait: false });
  await client.stop(['web']);
  await client.restart('web');
  await client.restart('web', { rolling: true, wait: false });
  const apply = { name: 'apply', configDir: HOMES.config, allowEmpty: false };
  expect(daemon.asked).toEqual([
    { ...apply, wait: true },
    { ...apply, wait: false },
    { name: 'start', jobs: ['web'], all: false, wait: true },
    { name: 'start', jobs: ['web', 'db'], all: false, wait: false },
    { name: 'stop', jobs: ['web'], all: false },
    { name: 'restart', jobs: ['web'], all: false, wait: true },
    { name: 'restart', jobs: ['web'], all: false, wait: false, rolling: true },
  ]);
});

test('progress is told while a change is awaited', async () => {
  const progress = { done: 1, of: 2, pending: [] };
  daemon.on('start', [{ kind: 'progress', progress }, answer(REPORT)]);
  const told: unknown[] = [];
  await client.start('web', { onProgress: (each) => told.push(each) });
  expect(told).toEqual([progress]);
});

test('only a trigger and a start begin a daemon, and only where one may be started', async () => {
  daemon.gone().on('start', [answer(REPORT)]);
  expect(await code(client.start('web'))).toEqual(['NoDaemonError', 'no-daemon']);
  expect(await code(mayLaunch().stop('web'))).toEqual(['NoDaemonError', 'no-daemon']);
  daemon.world.hasConfig = false;
  expect(await code(mayLaunch().start('web'))).toEqual(['NoDaemonError', 'no-daemon']);
  daemon.world.hasConfig = true;
  expect(await mayLaunch().start('web')).toMatchObject({ ok: true });
  daemon.gone().on('apply', [answer(REPORT)]);
  daemon.world.launches.push(launchOf(1));
  expect(await mayLaunch().apply()).toMatchObject({ ok: true });
  expect(daemon.world.log).toContain('launch');
});

test('questions are answered with the facts of the commands', async () => {
  daemon.on('status', [statusOf(...JOBS)]).on('why', [answer({ jobs: [WHY] })]);
  daemon.on('signal', [answer({ signalled: ['web'] })]);
  expect((await client.status()).jobs.map(({ name }) => name)).toEqual(['api', 'import', 'mail', 'web']);
  await client.status('web');
  expect(await client.why('web')).toMatchObject({
    status: { name: 'web', state: 'held' },
    command: 'node server.js',
  });
  expect(await client.signal('SIGHUP', 'web')).toEqual(['web']);
  expect(daemon.asked.map((each) => ('jobs' in each ? each.jobs : each.name))).toEqual([
    [],
    ['web'],
    'why',
    ['web'],
  ]);
});

test('a word that means no or several instances has no single reason', async () => {
  for (const jobs of [[], [WHY, WHY]]) {
    daemon.on('why', [answer({ jobs })]);
    expect(await code(client.why('web'))).toEqual(['NoSuchJobError', 'no-such-job']);
  }
});

test.each<[string, Reply[] | 'closes', string, string]>([
  ['refuses an unknown name', [refusal('no-such-job')], 'NoSuchJobError', 'no-such-job'],
  ['refuses another request', [refusal('degraded')], 'RefusedError', 'degraded'],
  ['goes away', 'closes', 'ConnectionError', 'read'],
])('a daemon that %s is told by the kind of the error', async (_, replies, name, errorCode) => {
  daemon.on('stop', replies);
  expect(await code(client.stop('web'))).toEqual([name, errorCode]);
});

test('a request that its caller breaks off, or a closed client, rejects with that', async () => {
  daemon.on('stop', 'silent');
  const broken = new AbortController();
  const call = client.stop('web', { signal: broken.signal });
  broken.abort();
  expect(await code(call)).toEqual(['ClosedError', 'closed']);
  const open = client.stop('web');
  client.close();
  expect(await code(open)).toEqual(['ClosedError', 'closed']);
  expect(await code(client.stop('web'))).toEqual(['ClosedError', 'closed']);
  expect(daemon.asked.length).toBeLessThanOrEqual(2);
});

test('a plan comes from the daemon, or from its program where none runs', async () => {
  daemon.on('plan', [answer(REPORT)]);
  expect(await client.plan()).toMatchObject({ ok: true, changes: [{ job: 'web' }] });
  const offline = new AskedDaemon(HOMES, {
    planOffline: () => Promise.resolve(answer({ ...REPORT, ok: false })),
  });
  expect(await new ClientOfDaemon(offline.gone().target).plan()).toMatchObject({ ok: false });
  const refusing = new AskedDaemon(HOMES, { planOffline: () => Promise.resolve(refusal('degraded')) });
  expect(await code(new ClientOfDaemon(refusing.gone().target).plan())).toEqual([
    'NoDaemonError',
    'no-daemon',
  ]);
  expect(await code(new ClientOfDaemon(daemon.gone().target).plan())).toEqual(['NoDaemonError', 'no-daemon']);
});

test('a wait resolves with the jobs, and rejects where they are stuck or the time is up', async () => {
  const waited = { ok: true, stuck: [], jobs: [job({ name: 'web' })] };
  daemon.on('wait', [answer(waited)]);
  expect(await client.wait('web')).toMatchObject([{ name: 'web', state: 'running' }]);
  await client.wait(['web', 'db'], { for: ['held', 'stopped'] });
  expect(daemon.asked).toEqual([
    { name: 'wait', jobs: ['web'], state: 'running' },
    { name: 'wait', jobs: ['web', 'db'], state: 'held,stopped' },
  ]);
  const stuck = [{ job: 'web', state: 'failed', because: [] }];
  daemon.on('wait', [answer({ ok: false, stuck, jobs: [] })]);
  expect(await code(client.wait('web'))).toEqual(['StuckError', 'stuck']);
  await expect(client.wait('web')).rejects.toThrow(/, so it cannot be waited for any longer$/);
  daemon.on('wait', 'silent');
  expect(await code(client.wait('web', { timeoutMs: 5 }))).toEqual(['TimedOutError', 'timeout']);
  await expect(client.wait('web', { timeoutMs: 5 })).rejects.toThrow('timed out after 0.005 s');
  const broken = new AbortController();
  const call = client.wait('web', { signal: broken.signal, timeoutMs: 60_000 });
  broken.abort();
  expect(await code(call)).toEqual(['ClosedError', 'closed']);
});

test('text is written where the daemon says that the job reads', async () => {
  daemon.on('stdin', [answer({ inputs: [] })]);
  expect(await client.send('web', 'text')).toEqual([]);
  daemon.on('stdin', [answer({ inputs: [{ job: 'web', path: join(newFolder(), 'none') }] })]);
  expect(await code(client.send('web', 'text'))).toEqual(['RefusedError', 'not-read']);
});

const event = (id: string): Transition => ({
  at: '2026-01-01T00:00:00.000Z',
  machine: 'daemon',
  id,
  job: null,
  event: 'Success',
  from: 'a',
  to: 'b',
  detail: '',
});

test('events are followed to the end of the daemon, and past events are only read', async () => {
  daemon.on('events', [{ kind: 'event', event: event('1') }, answer({ events: [] })]);
  expect((await read(client.events())).map(({ id }) => id)).toEqual(['1']);
  daemon.on('events', [answer({ events: [event('2'), event('3')] })]);
  expect(
    (await read(client.events({ follow: false, jobs: 'web', verbose: true }))).map(({ id }) => id),
  ).toEqual(['2', '3']);
  expect(daemon.asked).toEqual([
    { name: 'events', jobs: [], follow: true, verbose: false },
    { name: 'events', jobs: ['web'], follow: false, verbose: true },
  ]);
});

test('events that reconnect outlive a daemon, and other ones end with it', async () => {
  daemon.on('events', 'closes', [{ kind: 'event', event: event('1') }, answer({ events: [] })]);
  expect((await read(client.events({ reconnect: true }), 2)).map(({ id }) => id)).toEqual(['1', '1']);
  daemon.on('events', 'closes', [answer({ events: [event('2')] })]);
  const past = client.events({ follow: false, reconnect: true });
  expect((await read(past, 3)).map(({ id }) => id)).toEqual(['2']);
  daemon.on('events', 'closes');
  expect(await code(read(client.events()))).toEqual(['ConnectionError', 'read']);
  daemon.on('events', [refusal('bad-request')]);
  expect(await code(read(client.events({ reconnect: true })))).toEqual(['RefusedError', 'bad-request']);
});

/** A client in a home with these logs. */
function withLogs(logs: Readonly<Record<string, string>>): ClientOfDaemon {
  const data = newFolder();
  mkdirSync(join(data, 'logs'));
  for (const [name, text] of Object.entries(logs)) writeFileSync(join(data, 'logs', `${name}.log`), text);
  daemon = new AskedDaemon({ ...HOMES, data });
  return new ClientOfDaemon(daemon.target);
}

test('logs are read without a daemon, and the last line needs no end', async () => {
  const logs = withLogs({ web: 'one\ntwo\nthree', db: 'ready\n', 'cron@1': 'x\n' });
  daemon.gone();
  const of = async (...words: Parameters<ClientOfDaemon['logs']>): Promise<unknown> =>
    (await read(logs.logs(...words))).map(({ job: name, line }) => `${name}: ${line}`).toSorted();
  expect(await of('web', { lines: 2 })).toEqual(['web: three', 'web: two']);
  expect(await of()).toEqual(['cron@1: x', 'db: ready', 'web: one', 'web: three', 'web: two']);
  expect(await of(['cron', 'd*'])).toEqual(['cron@1: x', 'db: ready']);
  expect(await code(of('none'))).toEqual(['NoSuchJobError', 'no-such-job']);
});

test('a job that the daemon knows and that has no log is no error, and its tags select', async () => {
  const logs = withLogs({ web: 'one\n' });
  daemon.on('status', [statusOf(job({ name: 'quiet' }), job({ name: 'web', tags: ['front'] }))]);
  expect(await read(logs.logs('quiet'))).toEqual([]);
  expect((await read(logs.logs('tag:front'))).map(({ line }) => line)).toEqual(['one']);
  daemon.on('status', [refusal('busy')]);
  expect(await code(read(logs.logs('web')))).toEqual(['RefusedError', 'busy']);
});

test('logs are followed until their reader leaves', async () => {
  const logs = withLogs({ web: 'one\ntwo\n' });
  daemon.gone();
  const lines = await read(logs.logs('web', { follow: true }), 2);
  expect(lines.map(({ line }) => line)).toEqual(['one', 'two']);
});

test('a loop over the logs or events of a closed client ends at once', async () => {
  const logs = withLogs({ web: 'one\n' });
  daemon.gone();
  logs.close();
  expect(await read(logs.logs('web'))).toEqual([]);
  expect(await read(logs.logs('web', { follow: true }))).toEqual([]);
  expect(await read(logs.events())).toEqual([]);
});
