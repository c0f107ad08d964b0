import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { JobStatus } from '../../src/wire/messages.ts';
import { Home, awaited, isAlive, kill } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

/** A job that runs a line of shell. */
function job(name: string, script: string, keys = ''): string {
  return `[[jobs]]\nname = "${name}"\nstart_seconds = 0\njob_command = { exe = "sh", args = ["-c", ${JSON.stringify(script)}] }\n${keys}\n`;
}

const SLEEPS = 'exec sleep 1000';

/** A program that answers at a port, from the moment when a file named `go` is there. */
const server = (port: number, answer: string): string =>
  `while ! test -e go; do sleep 0.05; done; exec ${process.execPath} -e "${answer.replaceAll('PORT', String(port))}"`;

/** A port that nobody listens at just now. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const taken = createServer().listen(0, '127.0.0.1', () => {
      const { port } = taken.address() as AddressInfo;
      taken.close(() => resolve(port));
    });
  });
}

const touch = (name: string, text = ''): void => writeFileSync(home.path(name), text);
const lines = (name: string): readonly string[] => {
  const path = home.path(name);
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
};
const isTrue = (what: () => boolean, name: string): Promise<true> =>
  awaited(async () => what() || null, name);
const pids = async (): Promise<Record<string, number | null>> =>
  Object.fromEntries((await home.status()).jobs.map(({ name, pid }) => [name, pid]));
const why = async (name: string): Promise<string> =>
  (await home.overseer('why', name)).stdout.replaceAll(/\s+/g, ' ');

/** Kills the daemon as a crash would; the jobs live on. */
async function crash(): Promise<void> {
  const daemon = home.daemonPid();
  kill(daemon, 'SIGKILL');
  await isTrue(() => !isAlive(daemon), 'the daemon gone');
}

describe('instances', () => {
  const copies = (count: number): string =>
    job('web', 'echo copy $OVERSEER_INSTANCE of $OVERSEER_JOB; exec sleep 1000', `instances = ${count}`);

  test('T-93 N copies are named NAME@1 to NAME@N, each with its own number, process and log', async () => {
    home.write('jobs.toml', copies(3));
    expect((await home.apply()).changes.map((change) => [change.job, change.action, change.state])).toEqual([
      ['web@1', 'start', 'running'],
      ['web@2', 'start', 'running'],
      ['web@3', 'start', 'running'],
    ]);
    expect(new Set(Object.values(await pids())).size).toBe(3);
    await isTrue(
      () => [1, 2, 3].every((number) => home.log(`web@${number}`) === `copy ${number} of web\n`),
      'their logs',
    );
  });

  test('T-94 more copies or fewer, down to one and none, touch no other copy', async () => {
    home.write('jobs.toml', copies(2));
    await home.apply();
    const two = await pids();
    home.write('jobs.toml', copies(4));
    expect((await home.apply()).changes.map((change) => `${change.job} ${change.action}`)).toEqual([
      'web@1 none',
      'web@2 none',
      'web@3 start',
      'web@4 start',
    ]);
    expect(await pids()).toMatchObject(two);
    home.write('jobs.toml', copies(1));
    expect((await home.apply()).changes.map((change) => `${change.job} ${change.action}`)).toEqual([
      'web@1 none',
      'web@2 remove',
      'web@3 remove',
      'web@4 remove',
    ]);
    expect(await pids()).toEqual({ 'web@1': two['web@1'] });
    home.write('jobs.toml', copies(0));
    expect((await home.apply()).changes).toMatchObject([{ job: 'web@1', action: 'remove' }]);
    expect(await pids()).toEqual({});
    expect(isAlive(two['web@1'] ?? 0)).toBe(false);
  });

  test('of a job of which no copy is asked for, it is said that the config asks for none, with exit code 4', async () => {
    home.write('jobs.toml', copies(0) + job('db', SLEEPS));
    await home.apply();
    const said = 'overseer: the config asks for no instance of web (instances = 0)\n';
    for (const command of ['status web', 'why web', 'start web', 'stop web@1', 'wait web', 'logs web'])
      expect([command, await home.overseer(...command.split(' '))]).toEqual([
        command,
        { code: 4, stdout: '', stderr: said },
      ]);
    const { code, stderr } = await home.overseer('start', 'db', 'web', 'wbe');
    expect([code, stderr]).toEqual([
      4,
      'overseer: no such job: web, wbe (known are db); the config asks for no instance of web (instances = 0)\n',
    ]);
    expect((await home.overseer('status', 'wbe')).stderr).toBe('overseer: no such job: wbe (known are db)\n');
  });

  test('the name of the job means all of its copies, the name of a copy that one alone', async () => {
    home.write('jobs.toml', copies(2) + job('db', SLEEPS));
    await home.apply();
    const before = await pids();
    expect((await home.overseer('restart', 'web@2')).code).toBe(0);
    const after = await pids();
    expect({ ...after, 'web@2': null }).toEqual({ ...before, 'web@2': null });
    expect(after['web@2']).not.toBe(before['web@2']);
    await home.overseer('stop', 'web');
    expect(await pids()).toEqual({ 'web@1': null, 'web@2': null, db: before['db'] });
    await home.overseer('start', 'web@1');
    const { jobs } = await home.status();
    expect(jobs.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'db running',
      'web@1 running',
      'web@2 stopped',
    ]);
    expect((await home.overseer('logs', 'web')).stdout).toMatch(
      /copy 1 of web[^]*copy 2 of web|copy 2 of web[^]*copy 1 of web/,
    );
  });

  test('a job that comes after one copy waits for that one alone, and goes down before it', async () => {
    const ready =
      'instances = 2\nready = { command = { exe = "sh", args = ["-c", "test -e up.$OVERSEER_INSTANCE"] }, interval = 0.05 }';
    const script = 'trap "sleep 0.5; echo last >> order; exit 0" TERM; while :; do sleep 0.02; done';
    const copy = 'trap "echo $OVERSEER_INSTANCE >> order; exit 0" TERM; while :; do sleep 0.02; done';
    home.write('jobs.toml', job('web', copy, ready) + job('last', script, 'after = ["web@2"]'));
    touch('up.2');
    await home.overseer('apply', '--no-wait');
    await home.until('last', ({ state }) => state === 'running');
    expect(await home.job('web@1')).toMatchObject({ state: 'starting' });
    touch('up.1');
    await home.until('web@1', ({ state }) => state === 'running');
    await home.overseer('die');
    const order = readFileSync(home.path('order'), 'utf8').split('\n');
    expect(order.indexOf('last')).toBeLessThan(order.indexOf('2'));
  });

  test('a job that comes after one with copies waits for all of them', async () => {
    const ready =
      'instances = 2\nready = { command = { exe = "sh", args = ["-c", "test -e up.$OVERSEER_INSTANCE"] }, interval = 0.05 }';
    home.write('jobs.toml', job('web', SLEEPS, ready) + job('last', SLEEPS, 'after = ["web"]'));
    touch('up.1');
    const applied = home.apply();
    await awaited(async () => existsSync(join(home.data, 'socket')) || null, 'a daemon');
    await home.until('web@1', ({ state }) => state === 'running');
    expect(await home.job('last')).toMatchObject({ state: 'waiting', pid: null });
    expect(await why('last')).toContain('web@2 (starting)');
    touch('up.2');
    expect((await applied).changes.map((change) => `${change.job} ${change.state}`)).toEqual([
      'last running',
      'web@1 running',
      'web@2 running',
    ]);
  });
});

describe('after', () => {
  const TELLS =
    'trap "echo $OVERSEER_JOB down >> told; exit 0" TERM; echo $OVERSEER_JOB up >> told; while :; do sleep 0.05; done';
  // One that takes a while to end shows who waits for it.
  const SLOWLY = TELLS.replace('echo $OVERSEER_JOB down', 'sleep 0.3; echo $OVERSEER_JOB down');
  const both = (defaults = ''): string =>
    `${defaults}\n${job('db', TELLS)}${job('web', SLOWLY, 'after = ["db"]')}`;
  const IN_ORDER = ['web down', 'db down', 'db up', 'web up'];

  async function told(act: () => Promise<unknown>): Promise<readonly string[]> {
    await isTrue(() => lines('told').length === 2, 'both jobs');
    await act();
    await isTrue(() => lines('told').length === 6, 'both jobs again');
    return lines('told').slice(2);
  }

  test.each([
    ['restart of both by name', () => home.overseer('restart', 'db', 'web')],
    ['restart --all', () => home.overseer('restart', '--all')],
    [
      'changed environment of both',
      () => {
        home.write('jobs.toml', both('[defaults]\nenv = { A = "1" }'));
        return home.apply();
      },
    ],
  ])('a %s stops each before what it comes after, and starts it after that', async (_, act) => {
    home.write('jobs.toml', both());
    await home.apply();
    expect(await told(act)).toEqual(IN_ORDER);
    expect((await home.status()).jobs).toMatchObject([{ state: 'running' }, { state: 'running' }]);
  });

  test('of one alone, a restart touches no other, and a change of both while the daemon is told to die is kept', async () => {
    home.write('jobs.toml', both());
    await home.apply();
    await isTrue(() => lines('told').length === 2, 'both jobs');
    const { pid } = await home.job('web');
    await home.overseer('restart', 'db');
    expect(await home.job('web')).toMatchObject({ pid, restarts: 0 });
    home.write('jobs.toml', both('[defaults]\nenv = { A = "1" }'));
    await Promise.all([home.overseer(), home.overseer('die')]);
    await home.apply();
    expect((await home.apply()).changes).toMatchObject([{ action: 'none' }, { action: 'none' }]);
  });

  test('--no-wait does not wait for what waits for others, and no trigger for what waits on', async () => {
    home.write(
      'jobs.toml',
      job('db', SLEEPS, 'ready = { log = "never" }') + job('web', SLEEPS, 'after = ["db"]'),
    );
    const states = async (...args: readonly string[]): Promise<readonly string[]> =>
      (
        JSON.parse((await home.overseer(...args, '--json')).stdout) as {
          changes: readonly { job: string; action: string; state: string }[];
        }
      ).changes.map(({ job: name, action, state }) => `${name} ${action} ${state}`);
    expect(await states('apply', '--no-wait')).toEqual(['db start starting', 'web start waiting']);
    expect(await states('apply', '--no-wait')).toEqual(['db none starting', 'web none waiting']);
    home.write(
      'jobs.toml',
      job('db', SLEEPS, 'ready = { log = "never" }\ntest_command = "false"') +
        job('web', SLEEPS, 'after = ["db"]'),
    );
    expect(await states('apply')).toEqual(['db stop held', 'web none waiting']);
    expect(await states('restart', 'web', '--no-wait')).toEqual(['web none waiting']);
  });
});

describe('ready', () => {
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
      job(
        'web',
        server(port, answer),
        `ready = { http = "http://127.0.0.1:${port}/health", interval = 0.05 }`,
      ),
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

  test('T-97 a command that outlives its time is killed with its group and tried again', async () => {
    const command = '{ exe = "sh", args = ["-c", "test -e go || { sleep 2000 & sleep 2000; }"] }';
    home.write(
      'jobs.toml',
      job('web', SLEEPS, `ready = { command = ${command}, interval = 0.05, timeout = 0.2 }`),
    );
    await home.apply('--no-wait');
    await awaited(
      async () => (await why('web')).includes('gave no answer within 0.2 s.') || null,
      'a first time-out',
    );
    touch('go');
    const { pid } = await home.until('web', ({ state }) => state === 'running');
    await isTrue(
      () => home.processes().every((one) => one === pid || one === home.daemonPid()),
      'no probe left',
    );
  });

  test('T-98 only a line that was written since this start counts', async () => {
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
    await crash();
    await home.apply('--no-wait');
    await home.until('log', ({ state }) => state === 'running');
    expect(await home.job('command')).toMatchObject({ state: 'starting' });
    touch('go');
    await home.until('command', ({ state }) => state === 'running');
    expect(await pids()).toEqual(before);
  });

  test('a job that never gets ready can be stopped, and a corrected `ready` is looked at without a restart', async () => {
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
});

describe('schedule', () => {
  test('T-99 a job runs each time, says when it runs next, and is never run twice at once', async () => {
    const script = 'mkdir running || echo twice >> trouble; echo run >> runs; sleep 1.2; rmdir running';
    home.write('jobs.toml', job('tick', script, 'schedule = "every 1s"'));
    expect((await home.apply()).changes).toMatchObject([
      {
        action: 'start',
        state: 'waiting',
        pid: null,
        detail: expect.stringMatching(/^waits for its time, 2/),
      },
    ]);
    const { nextStartAt } = await home.job('tick');
    expect(Date.parse(nextStartAt ?? '') - Date.now()).toBeLessThan(1_000);
    await isTrue(() => lines('runs').length >= 2, 'two runs');
    expect(lines('trouble')).toEqual([]);
    await home.until('tick', ({ state }) => state === 'waiting');
    expect(await why('tick')).toMatch(/It runs at every 1s: the next time is \d\d:\d\d:\d\d/);
  });

  test('T-100 a changed schedule holds at once, and an unchanged one goes on waiting through triggers and crashes', async () => {
    const at = (schedule: string): string => job('tick', 'echo run >> runs', `schedule = "${schedule}"`);
    home.write('jobs.toml', at('every 10h'));
    await home.apply();
    const { nextStartAt } = await home.job('tick');
    await home.apply();
    await crash();
    await home.apply();
    expect(await home.job('tick')).toMatchObject({ state: 'waiting', nextStartAt });
    home.write('jobs.toml', at('0 0 1 1 *'));
    await home.apply();
    expect((await home.job('tick')).nextStartAt).toBe(
      new Date(new Date().getFullYear() + 1, 0, 1).toISOString(),
    );
    home.write('jobs.toml', at('every 1s'));
    expect((await home.apply()).changes).toMatchObject([{ action: 'update', state: 'waiting' }]);
    await isTrue(() => lines('runs').length >= 2, 'runs by the new schedule');
  });

  test.each([
    ['crashed', crash],
    ['was asked to die', () => home.overseer('die')],
  ])(
    'T-101 times that passed while no daemon ran, since it %s, are made up for by one run',
    async (_, end) => {
      home.write(
        'jobs.toml',
        job('tick', 'echo run >> runs', 'schedule = "every 4s"') +
          job('rare', 'true', 'schedule = "every 10h"'),
      );
      await home.apply();
      const due = Date.parse((await home.job('tick')).nextStartAt ?? '');
      await end();
      await isTrue(() => Date.now() > due, 'its time');
      expect(lines('runs')).toEqual([]);
      const back = Date.now();
      await home.apply();
      await isTrue(() => lines('runs').length === 1, 'the run');
      const { nextStartAt } = await home.until('tick', ({ state }) => state === 'waiting');
      // A wait that began anew would end no sooner than this.
      expect(Date.now()).toBeLessThan(back + 4_000);
      expect(Date.parse(nextStartAt ?? '')).toBeGreaterThanOrEqual(back + 4_000);
      expect(lines('runs')).toEqual(['run']);
      expect(await home.job('rare')).toMatchObject({ state: 'waiting' });
    },
  );

  test('`start` runs it now; a failed run is tried again by its restart policy, and then the schedule goes on', async () => {
    const script = 'echo run >> runs; test $(wc -l < runs) -ge 3';
    home.write(
      'jobs.toml',
      job('tick', script, 'schedule = "every 10h"\nrestart = "on-failure"\nbackoff = { min = 0.05 }'),
    );
    await home.apply();
    await home.overseer('start', '--no-wait', 'tick');
    await isTrue(() => lines('runs').length === 3, 'two more tries');
    const waiting = await home.until('tick', ({ state }) => state === 'waiting');
    expect(waiting.lastExit).toMatchObject({ code: 0 });
    expect(lines('runs').length).toBe(3);
  });

  test('`start` says how a run went that is over already, and when the next one is', async () => {
    home.write(
      'jobs.toml',
      job('tick', 'exit 0', 'schedule = "every 10h"').replace('start_seconds = 0\n', ''),
    );
    await home.apply();
    const { stdout } = await home.overseer('start', 'tick');
    expect(stdout).toMatch(
      /^\+ tick {2}started {2}exited with 0; waits for its time, (?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d {2}waiting\n/,
    );
  });

  test('a run that is given up, or that cannot even start, waits for the next time, and says what was wrong', async () => {
    const once = 'schedule = "every 1s"\nrestart = "on-failure"\nmax_restarts = 1';
    const missing = `[[jobs]]\nname = "lost"\njob_command = "./no-such-program"\nschedule = "every 1s"\n`;
    home.write(
      'jobs.toml',
      job('tick', 'echo run >> runs; exit 3', once).replace('start_seconds = 0\n', '') + missing,
    );
    expect((await home.apply()).ok).toBe(true);
    await isTrue(() => lines('runs').length >= 3, 'a third night');
    await home.until('tick', ({ state }) => state === 'waiting');
    expect(await why('tick')).toContain('exited with 3');
    await home.until('lost', ({ state }) => state === 'waiting');
    expect(await why('lost')).toContain('It could not be started: command not found');
    expect(await home.job('lost')).toMatchObject({ state: 'waiting', nextStartAt: expect.any(String) });
  });

  test('a job that was stopped by hand has no next time', async () => {
    home.write('jobs.toml', job('tick', 'echo run >> runs', 'schedule = "every 1s"'));
    await home.apply();
    await home.overseer('stop', 'tick');
    expect(await home.job('tick')).toMatchObject({ state: 'stopped', nextStartAt: null });
  });
});

describe('watch', () => {
  const watching = (globs: string, script = SLEEPS, keys = ''): string =>
    job('web', script, `cwd = ${JSON.stringify(home.dir)}\nwatch = ${globs}\n${keys}`);

  /** Does something again and again, with time for it to be noticed, until the job is as expected. What watches may still be looking around. */
  async function changeUntil(
    isSo: (now: JobStatus) => boolean,
    change: (round: number) => void,
  ): Promise<JobStatus> {
    for (let round = 1; round <= 20; round += 1) {
      change(round);
      const end = performance.now() + 1_000;
      while (performance.now() < end) {
        const now = await home.job('web');
        if (isSo(now)) return now;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
    throw new Error('nobody noticed');
  }

  const isOld = ({ startedAt }: JobStatus): boolean =>
    startedAt !== null && Date.now() - Date.parse(startedAt) > 1_500;

  async function restartsAfter(change: (round: number) => void): Promise<void> {
    const { pid } = await home.until('web', ({ state }) => state === 'running');
    await changeUntil((now) => now.state === 'running' && now.pid !== pid, change);
  }

  test('T-102 a file that changes, comes, goes or is replaced restarts the job, in folders that are new as well', async () => {
    mkdirSync(home.path('src'));
    touch('src/a.js');
    home.write('jobs.toml', watching('["src/**/*.js"]'));
    await home.apply();
    await restartsAfter((round) => touch('src/a.js', `${round}`));
    await restartsAfter((round) => {
      mkdirSync(home.path(`src/new${round}`), { recursive: true });
      touch(`src/new${round}/b.js`);
    });
    await restartsAfter((round) => {
      touch('src/a.js.tmp', `replaced ${round}`);
      renameSync(home.path('src/a.js.tmp'), home.path('src/a.js'));
    });
    await home.until('web', isOld);
    await restartsAfter(() => rmSync(home.path('src/a.js'), { force: true }));
    expect(readFileSync(join(home.data, 'overseerd.log'), 'utf8')).toContain('src/a.js changed');
  });

  test('T-103 what no glob names, what a glob takes out again, and node_modules restart nothing', async () => {
    for (const folder of ['src', 'src/out', 'src/node_modules']) mkdirSync(home.path(folder));
    home.write(
      'jobs.toml',
      watching('["src/*"]') + job('all', SLEEPS, 'watch = ["src/**", "!src/*.{js,txt}", "!src/out"]'),
    );
    await home.apply();
    const before = await home.job('all');
    await restartsAfter(() => {
      for (const file of ['src/a.txt', 'src/out/a.js', 'src/node_modules/a.js', 'src/a.js'])
        touch(file, `${Math.random()}`);
    });
    expect(await home.job('all')).toEqual(before);
  });

  test('a job that writes a file that it watches each time it starts is not restarted for ever', async () => {
    home.write('jobs.toml', watching('["out"]', 'echo start >> starts; date > out; exec sleep 1000'));
    await home.apply();
    await restartsAfter((round) => touch('out', `by hand ${round}`));
    await home.until('web', isOld);
    const { length } = lines('starts');
    expect(length).toBeLessThanOrEqual(1 + 4 + 1 + 4);
    await restartsAfter((round) => touch('out', `by hand again ${round}`));
    await home.until('web', isOld);
    expect(lines('starts').length).toBe(length + 1);
  });

  test('a job that was stopped by hand is not started by a change, one that cannot come up is', async () => {
    touch('conf', 'bad');
    const script = 'test "$(cat conf)" = good || exit 1; exec sleep 1000';
    const keys = 'backoff = { min = 1000, max = 1000 }';
    home.write(
      'jobs.toml',
      watching('["conf"]', script, keys) +
        job('stopped', SLEEPS, `cwd = ${JSON.stringify(home.dir)}\nwatch = ["conf"]`),
    );
    await home.apply();
    await home.overseer('stop', 'stopped');
    await home.until('web', ({ state }) => state === 'backoff');
    await changeUntil(
      ({ state }) => state === 'running',
      () => touch('conf', 'good'),
    );
    expect(await home.job('stopped')).toMatchObject({ state: 'stopped', pid: null });
  });

  test('globs that come, change and go are followed without a restart', async () => {
    touch('one');
    touch('two');
    home.write('jobs.toml', watching('[]'));
    await home.apply();
    const { pid } = await home.job('web');
    home.write('jobs.toml', watching('["one"]'));
    expect((await home.apply()).changes).toMatchObject([{ action: 'update', pid }]);
    await restartsAfter((round) => touch('one', `${round}`));
    home.write('jobs.toml', watching('["two"]'));
    await home.apply();
    await restartsAfter((round) => touch('two', `${round}`));
    await home.overseer('die');
    await isTrue(() => home.processes().length === 0, 'the daemon gone');
  });
});

describe('test_interval', () => {
  test('T-104 a test that changes its mind starts and stops its job without a trigger', async () => {
    home.write('jobs.toml', job('web', SLEEPS, 'test_command = "test -e flag"\ntest_interval = 0.1'));
    expect((await home.apply()).changes).toMatchObject([{ state: 'held' }]);
    // In between, the test is running, and `why` says that.
    const sentence = 'The test runs again every 0.1 s and at each `overseer`.';
    await awaited(async () => ((await why('web')).includes(sentence) ? true : null), sentence);
    touch('flag');
    await home.until('web', ({ state }) => state === 'running');
    rmSync(home.path('flag'));
    expect(await home.until('web', ({ state }) => state === 'held')).toMatchObject({
      pid: null,
      test: { verdict: 'fail' },
    });
  });
});
