import { execFileSync } from 'node:child_process';
import { appendFileSync, closeSync, constants, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClientOfDaemon } from '../../../src/library/client-of-daemon.ts';
import { WireError } from '../../../src/wire/wire-error.ts';
import { AskedDaemon } from '../../support/asked-daemon.ts';
import { HOMES } from '../../support/fake-client.ts';
import { newFolder } from '../../support/new-folder.ts';
import { until } from '../../support/until.ts';
import { answer, refusal, REPORT, WHY } from '../../support/sample-replies.ts';
import { read } from '../../support/read-values.ts';

let daemon: AskedDaemon;
let client: ClientOfDaemon;
beforeEach(() => {
  daemon = new AskedDaemon();
  client = new ClientOfDaemon(daemon.target);
});

const code = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'resolved',
    (error: Error & { code: string }) => [error.name, error.code],
  );

/** A client in a home with these logs, each with its index if it has one. */
function withLogs(logs: Readonly<Record<string, string>>): ClientOfDaemon {
  const data = newFolder();
  mkdirSync(join(data, 'logs'));
  for (const [name, text] of Object.entries(logs)) writeFileSync(join(data, 'logs', name), text);
  daemon = new AskedDaemon({ ...HOMES, data });
  return new ClientOfDaemon(daemon.target);
}
const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join('');

describe('which jobs a trigger is about', () => {
  test('a plan and an apply ask for the jobs that are named, and for all where none is', async () => {
    daemon.on('plan', [answer(REPORT)]).on('apply', [answer(REPORT)]);
    await client.plan({ jobs: 'web' });
    await client.apply({ jobs: ['web', 'tag:db'] });
    await client.plan();
    expect(daemon.asked.map((asked) => ('jobs' in asked ? asked.jobs : 'all'))).toEqual([
      ['web'],
      ['web', 'tag:db'],
      'all',
    ]);
  });

  test('a plan without a daemon is of the jobs that are named', async () => {
    const asked: unknown[] = [];
    const offline = new AskedDaemon(HOMES, {
      planOffline: (_, request) => {
        asked.push(request.jobs);
        return Promise.resolve(answer(REPORT));
      },
    });
    await new ClientOfDaemon(offline.gone().target).plan({ jobs: ['web'] });
    expect(asked).toEqual([['web']]);
  });
});

describe('breaking off', () => {
  test.each<[string, (signal: AbortSignal) => Promise<unknown>]>([
    ['a plan', (signal) => client.plan({ signal })],
    ['a status', (signal) => client.status([], { signal })],
    ['a why', (signal) => client.why('web', { signal })],
    ['a wait', (signal) => client.wait('web', { signal })],
    ['a signal', (signal) => client.signal('SIGHUP', 'web', { signal })],
    ['an input', (signal) => client.send('web', 'text', { signal })],
  ])('a caller that breaks off ends %s', async (_, call) => {
    for (const name of ['plan', 'status', 'why', 'wait', 'signal', 'stdin'] as const)
      daemon.on(name, 'silent');
    const broken = new AbortController();
    const asked = call(broken.signal);
    broken.abort();
    expect(await code(asked)).toEqual(['ClosedError', 'closed']);
  });

  test('a caller that breaks off ends a loop over events, and one over logs', async () => {
    const logs = withLogs({ 'web.log': 'one\n' });
    daemon.gone();
    const broken = new AbortController();
    broken.abort();
    const options = { follow: true, signal: broken.signal };
    expect(await read(logs.events(options))).toEqual([]);
    expect(await read(logs.logs([], options))).toEqual([]);
  });
});

test('a wait of no time is over at once unless the jobs are as they should be', async () => {
  daemon.on('wait', 'silent');
  expect(await code(client.wait('web', { timeoutMs: 0 }))).toEqual(['TimedOutError', 'timeout']);
});

test('a wait tells its progress', async () => {
  const progress = { done: 1, of: 2, pending: [] };
  daemon.on('wait', [{ kind: 'progress', progress }, answer({ ok: true, stuck: [], jobs: [] })]);
  const told: unknown[] = [];
  await client.wait('web', { onProgress: (each) => told.push(each) });
  expect(told).toEqual([progress]);
});

test('the last lines that explain a job are those of the instance that its name means', async () => {
  const logs = withLogs({ 'web.log': 'of an older job\n', 'web@1.log': 'of the copy\n' });
  daemon.on('why', [answer({ jobs: [{ ...WHY, status: { ...WHY.status, name: 'web@1' } }] })]);
  expect((await logs.why('web')).printed).toEqual(['of the copy']);
});

describe('input', () => {
  /** The standard input of a job that reads it. */
  let fifo: { readonly path: string; readonly fd: number };
  beforeEach(() => {
    const path = join(newFolder(), 'fifo');
    execFileSync('mkfifo', [path]);
    fifo = { path, fd: openSync(path, constants.O_RDWR) };
  });
  afterEach(() => closeSync(fifo.fd));

  test('bytes reach the job as they are, and text as UTF-8', async () => {
    daemon.on('stdin', [answer({ inputs: [{ job: 'web', path: fifo.path }] })]);
    expect(await client.send('web', Uint8Array.of(0, 255, 10))).toEqual(['web']);
    await client.send('web', 'ü');
    const block = Buffer.alloc(16);
    expect([...block.subarray(0, readSync(fifo.fd, block))]).toEqual([0, 255, 10, 0xc3, 0xbc]);
  });

  test('a job that does not read it is named, although others do', async () => {
    const none = join(newFolder(), 'none');
    daemon.on('stdin', [
      answer({
        inputs: [
          { job: 'web', path: fifo.path },
          { job: 'db', path: none },
        ],
      }),
    ]);
    await expect(client.send(['web', 'db'], 'text')).rejects.toThrow(/^db /);
  });
});

describe('events', () => {
  const event = {
    at: '2026-01-01T00:00:00.000Z',
    machine: 'daemon',
    id: '1',
    job: null,
    event: 'Success',
    from: 'a',
    to: 'b',
    detail: '',
  } as const;

  test('events that reconnect wait for a daemon that is not there yet', async () => {
    daemon.on('events', [{ kind: 'event', event }, answer({ events: [] })]);
    const { socket } = daemon.world;
    daemon.gone();
    const { clock } = daemon.target.ports;
    const pauses: number[] = [];
    const waiting = new ClientOfDaemon({
      ...daemon.target,
      ports: {
        ...daemon.target.ports,
        clock: {
          ...clock,
          after: (ms, callback) => {
            pauses.push(ms);
            if (pauses.length === 2) daemon.world.socket = socket;
            return clock.after(ms, callback);
          },
        },
      },
    });
    expect(await read(waiting.events({ reconnect: true }), 1)).toHaveLength(1);
    // Four times a second, not as fast as it can.
    expect(pauses.slice(0, 2)).toEqual([250, 250]);
  });

  test('events that reconnect wait for a daemon that is too slow to answer', async () => {
    daemon.on('events', [{ kind: 'event', event }, answer({ events: [] })]);
    const { ports } = daemon.target;
    let tries = 0;
    const patient = new ClientOfDaemon({
      ...daemon.target,
      ports: {
        ...daemon.target.ports,
        connect: (...words) => {
          tries += 1;
          return tries > 1 ? ports.connect(...words) : Promise.reject(new WireError('timeout', 'it is slow'));
        },
      },
    });
    expect(await read(patient.events({ reconnect: true }), 1)).toHaveLength(1);
    expect(tries).toBe(2);
  });

  test('events that reconnect end where the daemon refuses them', async () => {
    daemon.on('events', [refusal('no-such-job')]);
    expect(await code(read(client.events({ reconnect: true })))).toEqual(['NoSuchJobError', 'no-such-job']);
  });

  test('events end when their reader leaves', async () => {
    let isBroken = false;
    daemon.on('events', [{ kind: 'event', event }]);
    const { ports } = daemon.target;
    const leaving = new ClientOfDaemon({
      ...daemon.target,
      ports: {
        ...daemon.target.ports,
        connect: async (...words) => {
          const connection = await ports.connect(...words);
          return { ...connection, close: () => void (isBroken = true) };
        },
      },
    });
    expect(await read(leaving.events(), 1)).toHaveLength(1);
    for (let turn = 0; turn < 20 && !isBroken; turn += 1) await new Promise(setImmediate);
    expect(isBroken).toBe(true);
  });
});

describe('lines of logs', () => {
  test('the last twenty lines are read where nothing else is said', async () => {
    const logs = withLogs({ 'web.log': lines(30) });
    daemon.gone();
    const all = await read(logs.logs('web'));
    expect([all.length, all[0]?.line]).toEqual([20, 'line 11']);
  });

  test('lines since a moment are read, with the times that their index gives', async () => {
    const log = lines(3);
    const at = (minute: number): number => Date.UTC(2026, 0, 1, 0, minute);
    const index = `${at(1)} 7\n~${at(2)} 14\n${at(3)} 21\n`;
    const logs = withLogs({ 'web.log': log, 'web.log.idx': index });
    daemon.gone();
    const since = new Date(at(2));
    const all = await read(logs.logs('web', { since, lines: Infinity }));
    expect(all.map(({ line, at: time }) => `${time} ${line}`)).toEqual([
      `${new Date(at(2)).toISOString()} line 2`,
      `${new Date(at(3)).toISOString()} line 3`,
    ]);
  });

  test('a line that has not ended yet is waited for while its log is followed', async () => {
    const logs = withLogs({ 'web.log': 'one\ntw' });
    daemon.gone();
    const followed = logs.logs('web', { follow: true });
    expect((await followed.next()).value).toMatchObject({ line: 'one' });
    const second = followed.next();
    const { clock } = daemon.target.ports;
    const now = clock.monotonic();
    await until(() => clock.monotonic() > now + 5_000);
    appendFileSync(join(daemon.target.homes.data, 'logs', 'web.log'), 'o\n');
    expect((await second).value).toMatchObject({ line: 'two' });
    await followed.return?.();
  });

  test('the time of a line that is only known roughly says so', async () => {
    const log = lines(2);
    const logs = withLogs({ 'web.log': log, 'web.log.idx': `1000 7\n~60000 14\n` });
    daemon.gone();
    const all = await read(logs.logs('web'));
    expect(all.map(({ isExact }) => isExact)).toEqual([true, false]);
  });
});
