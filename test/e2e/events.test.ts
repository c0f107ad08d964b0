import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { awaited, kill, within } from './support/home.ts';
import { type Transition } from '../../src/wire/messages.ts';
import { home } from './support/fresh-home.ts';
import { requests } from './support/requests.ts';
import { going } from './support/going.ts';
import { lateJob as job } from './support/sleeps.ts';

interface Event {
  readonly id: string;
  readonly event: string;
  readonly state: string;
  readonly cause: string;
  readonly pid: number | null;
  readonly exit: { readonly code: number | null; readonly signal: string | null } | null;
  readonly file: string | null;
  readonly nextStartAt: string | null;
  readonly detail: string;
}

const shell = (name: string, script: string, keys = ''): string =>
  `[[jobs]]\nname = "${name}"\nstart_seconds = 0.05\njob_command = { exe = "sh", args = ["-c", '${script}'] }\n${keys}\n`;
const sleeper = (name: string, keys = ''): string => shell(name, 'exec sleep 1000', keys);
/** Fails to start, however long a busy machine takes for it. */
const failing = (keys: string): string => shell('bad', 'exit 7', keys).replace('0.05', '60');

async function events(...words: readonly string[]): Promise<readonly Event[]> {
  const { stdout } = await home.overseer('events', ...words, '--json');
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);
}

/** The events of a job as `stopping by-hand`, without the first `from`. */
async function told(name: string, from = 0): Promise<readonly string[]> {
  return (await events(name)).slice(from).map(({ state, cause }) => `${state} ${cause}`);
}

const isRunning = ({ state }: { readonly state: string }): boolean => state === 'running';

test('events tell the cause of each change: the config, a hand, an exit', async () => {
  home.write('jobs.toml', sleeper('web'));
  await home.apply();
  expect(await told('web')).toEqual(['starting config', 'running config']);
  await home.overseer('restart', 'web');
  expect(await told('web', 2)).toEqual(['stopping by-hand', 'starting by-hand', 'running by-hand']);
  kill((await home.job('web')).pid ?? 0, 'SIGKILL');
  await home.until('web', ({ state, restarts }) => state === 'running' && restarts === 1);
  expect(await told('web', 5)).toEqual(['stopping exit', 'backoff exit', 'starting exit', 'running exit']);
  home.write('jobs.toml', sleeper('web', 'env = { A = "1" }'));
  await home.apply();
  expect(await told('web', 9)).toEqual(['stopping config', 'starting config', 'running config']);
  await home.overseer('stop', 'web');
  expect((await events('web')).slice(12)).toMatchObject([
    { state: 'stopping', cause: 'by-hand', detail: 'stopped by hand' },
    { state: 'stopped', cause: 'by-hand', pid: null, exit: { code: null, signal: 'SIGTERM' } },
  ]);
});

test('a stop by hand while a child ends by itself is the cause of what follows', async () => {
  home.write('jobs.toml', shell('web', 'trap "" TERM; sleep 1000 & exit 3', 'stop_timeout = 0.6'));
  await home.overseer('--no-wait');
  await home.until('web', ({ state }) => state === 'stopping');
  await home.overseer('stop', 'web');
  expect((await events('web')).at(-1)).toMatchObject({ state: 'stopped', cause: 'by-hand' });
});

test('a dependency, the schedule, a test and the daemon are named as causes', async () => {
  const yes = home.path('yes');
  home.write(
    'jobs.toml',
    sleeper('db').replace('0.05', '0.4') +
      sleeper('web', 'after = ["db"]') +
      shell('tick', 'exit 2', 'schedule = "every 1s"') +
      sleeper('tested', `test_interval = 0.2\ntest_command = { exe = "test", args = ["-e", "${yes}"] }`),
  );
  await home.apply();
  expect((await events('web'))[0]).toMatchObject({ state: 'waiting', cause: 'dependency' });
  expect(await told('web')).toEqual(['waiting dependency', 'starting dependency', 'running dependency']);
  writeFileSync(yes, '');
  await home.until('tested', isRunning);
  const tested = await events('tested');
  expect(tested.map(({ state, cause }) => `${state} ${cause}`)).toEqual([
    'testing config',
    'held test',
    'starting test',
    'running test',
  ]);
  expect(tested[1]?.detail).toBe('its test exited with 1');
  // On a busy machine a run may live long enough to count as running.
  const ticks = async (): Promise<readonly Event[]> =>
    (await events('tick')).filter(({ state }) => state !== 'running');
  await awaited(async () => ((await ticks()).length >= 4 ? true : null), 'a run of the schedule');
  expect((await ticks()).slice(0, 4)).toMatchObject([
    { state: 'waiting', cause: 'config', nextStartAt: expect.stringMatching(/Z$/) },
    { state: 'starting', cause: 'schedule', nextStartAt: null },
    { state: 'stopping', cause: 'exit', exit: { code: 2, signal: null } },
    { state: 'waiting', cause: 'exit', exit: { code: 2 }, detail: 'exited with 2, waits for its time' },
  ]);
  await home.overseer('die');
  await home.apply();
  expect((await told('db')).slice(2)).toEqual([
    'stopping daemon',
    'stopped daemon',
    'starting config',
    'running config',
  ]);
});

test('a job whose dependency is restarted with it names that as what it waits for', async () => {
  home.write('jobs.toml', sleeper('db') + sleeper('api', 'after = ["db"]'));
  await home.apply();
  home.write(
    'jobs.toml',
    sleeper('db', 'env = { A = "1" }') + sleeper('api', 'after = ["db"]\nenv = { A = "1" }'),
  );
  await home.apply();
  expect((await events('api')).filter(({ state }) => state === 'waiting')).toMatchObject([
    { detail: 'waits for db (starting)' },
    { detail: 'waits for db (about to stop)' },
  ]);
});

test('a failed job is one event with its state, its exit code and when it starts again', async () => {
  home.write('jobs.toml', failing('max_restarts = 2\nbackoff = { min = 0.2, max = 0.2 }'));
  await home.apply();
  await home.until('bad', ({ state }) => state === 'failed');
  const all = await events('bad');
  expect(all.find(({ state }) => state === 'backoff')).toMatchObject({
    cause: 'exit',
    exit: { code: 7, signal: null },
    nextStartAt: expect.stringMatching(/^\d{4}-.*Z$/),
    detail: expect.stringMatching(/^exited with 7, next start in 0\.2 s$/),
  });
  expect(all.at(-1)).toMatchObject({
    state: 'failed',
    exit: { code: 7, signal: null },
    pid: null,
    nextStartAt: null,
    detail: 'exited with 7, 2 failures in a row',
  });
});

test('T-451 events shows steps that change no state, and requests of the daemon, with --verbose only', async () => {
  home.write('jobs.toml', sleeper('web', 'test_command = "true"\ntest_interval = 0.1'));
  await home.apply();
  await awaited(
    async () => ((await events('web', '--verbose')).length > 12 ? true : null),
    'tests with the same result',
  );
  expect(await told('web')).toEqual(['testing config', 'starting config', 'running config']);
  const { stdout } = await home.overseer('events');
  expect(stdout).not.toContain('overseerd');
  expect(stdout.trim().split('\n').length).toBe(3);
  const verbose = (await home.overseer('events', '--verbose')).stdout;
  expect(verbose).toMatch(/overseerd .*Success: events {2}ReceiveRequest → ProcessRequest/);
  expect(verbose).toContain('test passed');
  expect(verbose).not.toMatch(/xstate|after testInterval/);
});

test('the log of the daemon says who asked for what, pids, exits and causes, in one line each', async () => {
  home.write('jobs.toml', failing('max_restarts = 1') + sleeper('web'));
  await home.apply();
  const { pid } = await home.job('web');
  for (let count = 0; count < 3; count += 1) await home.overseer('status');
  await home.overseer('restart', 'web');
  await home.overseer('die');
  // The daemon answers `die` before it writes its last line.
  const log = await awaited(async () => {
    const text = readFileSync(join(home.data, 'overseerd.log'), 'utf8');
    return text.endsWith('Z the daemon has ended\n') ? text : null;
  }, 'the last line of the log');
  const lines = log
    .trim()
    .split('\n')
    .map((line) => line.replace(/^\S+ /, '').replace(/\(pid \d+\)/, '(pid N)'));
  expect(lines).toEqual(
    expect.arrayContaining([
      `overseer (pid N) asks: apply ${home.config}`,
      `web started, pid ${pid}: new in the config`,
      'web running',
      'bad exited with 7',
      'bad failed: exited with 7',
      'overseer (pid N) asks: restart web',
      'web stopping: restarted by hand',
      'web ended by SIGTERM',
      'overseer (pid N) asks: end, and stop every job',
      'web stopped: the daemon is shutting down',
      'the daemon has ended',
    ]),
  );
  expect(log).not.toMatch(/child\.|want\.|ProcessRequest|status/);
});

const eventsIn = (out: string): readonly Transition[] =>
  out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Transition);

/** The parts of the child region that a job went through. */
const childSteps = (events: readonly Transition[], id: string): readonly string[] =>
  events.flatMap((event) => (event.id === id ? (/child\.(\S+)/.exec(event.to)?.[1] ?? []) : []));

const STARTING = ['Up.Starting.Spawning', 'Up.Starting.Settling', 'Up.Running'];

test('T-73 events prints the last transitions of each chart, and --json one object a line', async () => {
  home.write('jobs.toml', job('web') + job('api'));
  await home.apply();
  const { code, stdout, stderr } = await home.overseer('events', '--verbose', '--json');
  const events = eventsIn(stdout);
  expect([code, stderr]).toEqual([0, '']);
  for (const event of events) {
    const isDaemon = event.id === String(home.daemonPid());
    const ofJob = {
      state: expect.any(String),
      cause: 'config',
      exit: null,
      file: null,
      nextStartAt: null,
      pid: event.to.includes('Spawning') ? null : expect.any(Number),
    };
    expect(event).toEqual({
      ...(isDaemon ? {} : ofJob),
      detail: expect.any(String),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/),
      machine: isDaemon ? 'daemon' : 'job',
      id: expect.stringMatching(/^(\d+|web|api)$/),
      event: expect.any(String),
      from: expect.any(String),
      to: expect.any(String),
    });
  }
  expect(childSteps(events, 'web')).toEqual(STARTING);
  expect(events.filter(({ machine }) => machine === 'daemon').map(({ to }) => to)).toEqual([
    'InitHomes',
    'OpenSocket',
    'ReceiveRequest',
    'ProcessRequest',
    'SendResponse',
    'ReceiveRequest',
    'ProcessRequest',
  ]);
  expect(eventsIn((await home.overseer('events', 'web', '--verbose', '--json')).stdout)).toEqual(
    events.filter(({ id }) => id === 'web'),
  );
  expect(
    (await home.overseer('events', 'web')).stdout
      .replaceAll(/\d\d:\d\d:\d\d\.\d{3}/g, 'TIME')
      .replace(/pid \d+/, 'pid N'),
  ).toBe(['TIME  web        starting  new in the config', 'TIME  web        running   pid N', ''].join('\n'));
});

test('T-74 events -f shows what happens from now on, and ends with 0 when the daemon does', async () => {
  home.write('jobs.toml', job('web'));
  await home.apply();
  const all = going('events', '-f', '--verbose', '--json');
  const some = going('events', '-f', 'w*');
  await all.until('ProcessRequest');
  await requests(3);
  home.write('more.toml', job('worker'));
  await home.apply();
  await home.overseer('restart', 'web');
  await home.overseer('die');
  const [allEnd, someEnd] = await Promise.all([within(all.end, 'the end'), within(some.end, 'the end')]);
  expect([allEnd.code, allEnd.stderr, someEnd.code, someEnd.stderr]).toEqual([0, '', 0, '']);
  const events = eventsIn(allEnd.stdout);
  expect(childSteps(events, 'worker').slice(0, 3)).toEqual(STARTING);
  expect(childSteps(events, 'web')).toEqual(expect.arrayContaining(['Ending.Stopping', ...STARTING]));
  expect(events.filter(({ machine }) => machine === 'daemon').at(-1)).toMatchObject({
    event: 'DIE',
    to: 'Exit',
  });
  expect(someEnd.stdout).toMatch(/^\S+ {2}worker {5}starting  new in the config$/m);
  expect(someEnd.stdout).not.toContain('overseerd');
});

test('Ctrl-C ends -f with 0, without a daemon it is 3, with an unknown job 4', async () => {
  home.write('jobs.toml', job('web'));
  expect((await home.overseer('events', '-f')).code).toBe(3);
  expect((await home.overseer('events')).code).toBe(3);
  await home.apply();
  expect((await home.overseer('events', 'wbe')).code).toBe(4);
  expect((await home.overseer('events', 'x*', '-f')).code).toBe(4);
  const following = going('events', '-f', '--verbose');
  await following.until('ProcessRequest');
  following.child.kill('SIGINT');
  expect(await within(following.end, 'the end')).toMatchObject({ code: 0, stderr: '' });
  const { code, stdout } = await within(
    home.shell(
      '{ until [ -e seen ]; do overseer status; done; } >&2 & overseer events -f --verbose | head -n 2; touch seen; wait',
    ),
    'the end',
  );
  expect([code, stdout.split('\n').length]).toEqual([0, 3]);
});
