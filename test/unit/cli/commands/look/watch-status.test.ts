import type { Reply, Transition } from '../../../../../src/wire/messages.ts';
import { AskedDaemon } from '../../../../support/asked-daemon.ts';
import { KeptOutput, run, type Outcome } from '../../../../support/fake-cli.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';
import { HOMES } from '../../../../support/fake-client.ts';
import { answer, job, refusal, statusOf } from '../../../../support/sample-replies.ts';
import { until } from '../../../../support/until.ts';

let clock: FakeClock;
let daemon: AskedDaemon;
beforeEach(() => {
  clock = new FakeClock();
  daemon = new AskedDaemon(HOMES, { clock });
});

const eventOf = (machine: Transition['machine']): Reply =>
  ({ kind: 'event', event: { machine, id: 'web' } as Transition }) as const;

/** `status -w` on a terminal, and Ctrl-C in it. */
function watched(words = '', out = new KeptOutput({ columns: 80 })) {
  const [err, interrupted] = [new KeptOutput(), new AbortController()];
  const ended: Outcome[] = [];
  void run(`status -w ${words}`, daemon.world, {
    env: { NO_COLOR: '1' },
    ports: daemon.target.ports,
    out,
    err,
    interruption: () => interrupted.signal,
  }).then((outcome) => ended.push(outcome));
  const past = (holds: () => boolean): Promise<void> =>
    until(() => {
      clock.advance(40);
      return holds();
    });
  const end = async (): Promise<readonly unknown[]> => {
    await past(() => ended.length > 0);
    return [ended[0]?.code, err.text];
  };
  const pictures = (): readonly string[] => out.text.split('\u001b[J').slice(0, -1);
  return { out, interrupted, past, pictures, end };
}

test('the table is drawn in place again after a change of a job, and left at Ctrl-C', async () => {
  daemon
    .on('status', [statusOf(job({ pid: 42 }))], [statusOf(job({ state: 'failed' }))])
    .on('events', [eventOf('job')]);
  const { out, interrupted, past, pictures, end } = watched('web');
  await past(() => pictures().length === 2);
  expect(pictures()).toEqual([
    'NAME  STATE    PID\u001b[K\nweb   running  42\u001b[K\n',
    '\u001b[2A\rNAME  STATE\u001b[K\nweb   failed\u001b[K\n',
  ]);
  interrupted.abort();
  expect(await end()).toEqual([0, '']);
  expect(out.text.endsWith('\r\u001b[K')).toBe(true);
  expect(daemon.asked).toEqual([
    { name: 'status', jobs: ['web'] },
    { name: 'events', jobs: [], follow: true, verbose: true },
    { name: 'status', jobs: ['web'] },
  ]);
});

test('time goes on in the table although nothing changes, and the daemon is not asked again', async () => {
  const startedAt = new Date(clock.wall() - 65_000).toISOString();
  const ages = { up: 65_000, lastExit: null, test: null };
  daemon
    .on('status', [statusOf(job({ pid: 42, startedAt, ages }))])
    .on('events', [eventOf('daemon'), eventOf('daemon')]);
  const { past, pictures, interrupted, end } = watched();
  await past(() => pictures().length === 4);
  expect([pictures()[0], pictures()[3]]).toEqual([
    expect.stringContaining('1m 5s'),
    expect.stringContaining('1m 8s'),
  ]);
  interrupted.abort();
  await end();
  expect(daemon.asked.map(({ name }) => name)).toEqual(['status', 'events']);
});

test.each<[string, Reply[] | 'closes', number, string]>([
  ['ends', [answer({ events: [] })], 0, 'the daemon has ended\n'],
  ['breaks off', 'closes', 1, 'overseer: the daemon broke off\n'],
])('a daemon that %s ends the watching of the table', async (_, events, code, said) => {
  daemon.on('status', [statusOf(job({}))]).on('events', events);
  expect(await watched().end()).toEqual([code, said]);
});

test('a job that is removed while its table is watched has exit code 4', async () => {
  daemon.on('status', [statusOf(job({}))], [refusal('no-such-job')]).on('events', [eventOf('job')]);
  expect(await watched('web').end()).toEqual([4, 'overseer: there is no such job any more\n']);
});

test('a table of an unknown job, or without a daemon, is not watched', async () => {
  daemon.on('status', [refusal('no-such-job')]);
  expect((await watched('web').end())[0]).toBe(4);
  daemon.gone();
  expect((await watched('web').end())[0]).toBe(3);
  expect(daemon.asked.map(({ name }) => name)).toEqual(['status']);
});

test('a watched table ends when its terminal is gone', async () => {
  daemon.on('status', [statusOf(job({}))]).on('events', 'silent');
  expect(await watched('', new KeptOutput({ columns: 80, leavesAfter: 0 })).end()).toEqual([0, '']);
});

test('a table is watched on a terminal only, and not as JSON', async () => {
  const refused = async (words: string, out: KeptOutput): Promise<unknown> =>
    (await run(`status -w ${words}`, daemon.world, { out })).code;
  expect([
    await refused('', new KeptOutput()),
    await refused('--json', new KeptOutput({ columns: 80 })),
    await refused('web --all', new KeptOutput({ columns: 80 })),
  ]).toEqual([64, 64, 64]);
});

test('a watched table leaves its last row to the terminal, and counts the jobs that do not fit', async () => {
  class Low extends KeptOutput {
    override readonly rows = 6 as typeof Infinity;
  }
  daemon
    .on('status', [statusOf(...Array.from({ length: 10 }, (_, at) => job({ name: `job-${at}` })))])
    .on('events', 'silent');
  const { past, pictures, interrupted, end } = watched('', new Low({ columns: 80 }));
  await past(() => pictures().length > 0);
  const lines = (pictures()[0] ?? '').split('\u001b[K\n');
  expect(lines.slice(0, -1)).toEqual([
    'NAME   STATE',
    'job-0  running',
    'job-1  running',
    'job-2  running',
    '… and 7 more: 7 running',
  ]);
  interrupted.abort();
  await end();
});
