import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { conforms } from './support/conforms.ts';
import { Home, awaited, isAlive, kill } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { daemonLog } from './support/host-state.ts';
import { logHolds } from './support/log-holds.ts';
import { sleeper } from './support/shell-job.ts';
import { stopsOnGo } from './support/stops-on-go.ts';
import { timesTold } from './support/traced.ts';

const three = `
[[jobs]]
name = "web"
job_command = "sleep 1000"
start_seconds = 0.1

[[jobs]]
name = "api"
job_command = "sleep 1001"
start_seconds = 0.1

[[jobs]]
name = "held"
job_command = "sleep 1002"
test_command = "test -e flag"
start_seconds = 0.1
`;

/** What must stay the same of a job that was not meant. */
async function lives(): Promise<Record<string, string>> {
  const { jobs } = await home.status();
  return Object.fromEntries(
    jobs.map(({ name, pid, startedAt, restarts }) => [name, `${pid} ${startedAt} ${restarts}`]),
  );
}

const without = (all: Record<string, string>, name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(all).filter(([key]) => key !== name));

describe('the trigger', () => {
  test('every step of client, daemon and job is a step of its chart, recorded in one trace', async () => {
    home.write('jobs.toml', '[[jobs]]\nname = "web"\njob_command = "sleep 1000"\nstart_seconds = 0\n');
    await home.apply();
    const pid = home.daemonPid();
    await home.overseer('die');
    // Its last step comes after its answer.
    await awaited(async () => (isAlive(pid) ? null : true), 'the daemon gone');
    const { client, daemon, job } = conforms(join(home.dir, 'trace'));
    // Two clients from Start to Done, a daemon with two requests, and a job that came and went; of progress
    // there may be more or less.
    expect(daemon).toBe(9);
    expect(client).toBeGreaterThanOrEqual(16);
    expect(job).toBeGreaterThan(5);
  });

  test('T-199 R-1 the first `overseer` starts a daemon and the jobs, the second touches no process', async () => {
    home.write('jobs.toml', three);
    const first = await home.apply();
    expect(first.changes.map(({ job, action, reason, state }) => [job, action, reason, state])).toEqual([
      ['api', 'start', 'new', 'running'],
      ['held', 'none', 'test-failed', 'held'],
      ['web', 'start', 'new', 'running'],
    ]);
    expect([first.ok, first.code]).toEqual([true, 0]);
    const before = await lives();
    const second = await home.apply();
    expect(second.changes.map(({ action, reason }) => `${action} ${reason}`)).toEqual([
      'none unchanged',
      'none test-failed',
      'none unchanged',
    ]);
    expect(await lives()).toEqual(before);
  });

  test('T-200 R-3 an added job starts, and every other process is left alone', async () => {
    home.write('jobs.toml', three);
    await home.apply();
    const before = await lives();
    home.write('more.toml', '[[jobs]]\nname = "new"\njob_command = "sleep 1003"\nstart_seconds = 0.1\n');
    const report = await home.apply();
    expect(report.changes.filter(({ action }) => action !== 'none')).toMatchObject([
      { job: 'new', action: 'start', reason: 'new', state: 'running' },
    ]);
    expect(without(await lives(), 'new')).toEqual(before);
  });

  test('R-4 a job with changed arguments is restarted with them, and every other process is left alone', async () => {
    home.write('jobs.toml', three);
    await home.apply();
    const before = await lives();
    home.write('jobs.toml', three.replace('sleep 1001', 'sleep 2001'));
    const report = await home.apply();
    expect(report.changes.filter(({ action }) => action !== 'none')).toMatchObject([
      { job: 'api', action: 'restart', reason: 'changed', detail: 'job_command changed', state: 'running' },
    ]);
    const after = await lives();
    expect(without(after, 'api')).toEqual(without(before, 'api'));
    expect(after['api']).not.toBe(before['api']);
  });

  test('T-201 R-4 a job whose restart policy alone changed is updated in place', async () => {
    home.write('jobs.toml', three);
    await home.apply();
    const before = await lives();
    home.write('jobs.toml', three.replace('name = "web"', 'name = "web"\nrestart = "never"'));
    const report = await home.apply();
    expect(report.changes.filter(({ action }) => action !== 'none')).toMatchObject([
      { job: 'web', action: 'update', reason: 'changed', detail: 'restart changed' },
    ]);
    expect(await lives()).toEqual(before);
    kill((await home.job('web')).pid ?? 0, 'SIGKILL');
    await home.until('web', ({ state }) => state === 'failed');
  });

  test('T-202 R-6 a removed job is stopped and forgotten, and every other process is left alone', async () => {
    home.write('jobs.toml', three);
    await home.apply();
    const before = await lives();
    const { pid } = await home.job('web');
    home.write('jobs.toml', three.slice(three.indexOf('[[jobs]]\nname = "api"')));
    const report = await home.apply();
    expect(report.changes.filter(({ action }) => action !== 'none')).toMatchObject([
      { job: 'web', action: 'remove', reason: 'removed', state: 'stopped', pid: null },
    ]);
    expect(isAlive(pid ?? 0)).toBe(false);
    expect(await lives()).toEqual(without(before, 'web'));
  });

  test('T-203 R-5 R-11 a test that changes its mind starts and stops exactly its job', async () => {
    home.write('jobs.toml', three);
    await home.apply();
    const before = await lives();
    writeFileSync(join(home.dir, 'flag'), '');
    const started = await home.apply();
    expect(started.changes.filter(({ action }) => action !== 'none')).toMatchObject([
      { job: 'held', action: 'start', reason: 'test-passed', state: 'running' },
    ]);
    expect(without(await lives(), 'held')).toEqual(without(before, 'held'));
    const { pid } = await home.job('held');
    rmSync(join(home.dir, 'flag'));
    const stopped = await home.apply();
    expect(stopped.changes.filter(({ action }) => action !== 'none')).toMatchObject([
      {
        job: 'held',
        action: 'stop',
        reason: 'test-failed',
        detail: 'test exited with 1',
        state: 'held',
        pid: null,
      },
    ]);
    expect(isAlive(pid ?? 0)).toBe(false);
    expect(without(await lives(), 'held')).toEqual(without(before, 'held'));
  });

  test.each([
    ['exit 255', 'sh -c "exit 255"', 'test exited with 255'],
    ['a signal', "sh -c 'kill -9 $$'".replaceAll('$', '\\$'), 'test ended by SIGKILL'],
    ['a time-out', 'sleep 30', 'test timed out after 0.3 s'],
    [
      'a command that is not there',
      'no-such-command-anywhere',
      'test could not run: command not found: no-such-command-anywhere',
    ],
  ])(
    'T-204 R-11 a test without a verdict (%s) neither starts nor stops anything, and the report says so',
    async (_, command, detail) => {
      const job = (test: string): string =>
        `[[jobs]]\nname = "web"\njob_command = "sleep 1000"\nstart_seconds = 0\n${command === 'sleep 30' ? 'test_timeout = 0.3\n' : ''}test_command = ${test}\n`;
      const unknown = command.includes('kill')
        ? '{ exe = "sh", args = ["-c", "kill -9 $$"] }'
        : JSON.stringify(command);
      home.write('jobs.toml', job(unknown));
      const fresh = await home.apply();
      expect(fresh.changes).toMatchObject([
        { job: 'web', action: 'none', reason: 'test-unknown', state: 'held', pid: null },
      ]);
      expect(fresh.changes[0]?.detail.startsWith(detail)).toBe(true);
      home.write('jobs.toml', job('"true"').replace('0.3', '60'));
      const { pid } = (await home.apply()).changes[0] ?? {};
      home.write('jobs.toml', job(unknown));
      expect((await home.apply()).changes).toMatchObject([
        { job: 'web', action: 'update', reason: 'changed', state: 'running', pid },
      ]);
      expect((await home.apply()).changes).toMatchObject([
        { job: 'web', action: 'none', reason: 'test-unknown', state: 'running', pid },
      ]);
    },
  );

  test('T-205 R-10 a job that is killed comes back at once', async () => {
    home.write('jobs.toml', three);
    await home.apply();
    const { pid } = await home.job('web');
    const killed = performance.now();
    kill(pid ?? 0, 'SIGKILL');
    const after = await home.until('web', (job) => job.pid !== null && job.pid !== pid);
    expect(after).toMatchObject({ restarts: 1, lastExit: { code: null, signal: 'SIGKILL' } });
    // At once means without a backoff; the bound only tells it from one.
    expect(performance.now() - killed).toBeLessThan(5_000);
  });

  test('T-206 R-10 a job that cannot stay up is in backoff, which the trigger reports with exit code 1', async () => {
    home.write('jobs.toml', '[[jobs]]\nname = "bad"\njob_command = "false"\nstart_seconds = 60\n');
    const report = await home.apply();
    expect(report.changes).toMatchObject([
      { job: 'bad', action: 'start', reason: 'new', state: 'backoff', pid: null },
    ]);
    expect([report.ok, report.code]).toEqual([false, 1]);
  });

  test('T-207 J-40 a job whose starts failed max_restarts times in a row is failed, and a trigger retries it', async () => {
    home.write(
      'jobs.toml',
      '[[jobs]]\nname = "bad"\njob_command = "sh -c \'echo try; exit 1\'"\nmax_restarts = 2\nbackoff = { min = 0.05 }\nstart_seconds = 60\n',
    );
    await home.apply();
    await home.until('bad', ({ state }) => state === 'failed');
    await logHolds(home, 'bad', 'try\ntry\n');
    expect((await home.apply()).changes).toMatchObject([{ action: 'start', reason: 'not-running' }]);
    await home.until('bad', ({ state }) => state === 'failed');
    await logHolds(home, 'bad', 'try\ntry\ntry\ntry\n');
  });

  test('T-208 J-28 a command that is not there fails with the reason, and comes up once it is there', async () => {
    const program = join(home.dir, 'program');
    home.write('jobs.toml', `[[jobs]]\nname = "late"\njob_command = "${program}"\nstart_seconds = 0\n`);
    expect((await home.apply()).changes).toMatchObject([
      { job: 'late', action: 'start', state: 'failed', detail: `command not found: ${program}` },
    ]);
    writeFileSync(program, '#!/bin/sh\nexec sleep 1000\n', { mode: 0o755 });
    expect((await home.apply()).changes).toMatchObject([
      { job: 'late', action: 'start', reason: 'not-running', state: 'running' },
    ]);
  });

  test('T-209 J-22 a job starts after those that it names, and stops before them', async () => {
    const job = (name: string, after: string): string =>
      `[[jobs]]\nname = "${name}"\nready = { command = "grep -q '${name} up' order", interval = 0.05 }\nafter = [${after}]\njob_command = { exe = "sh", args = ["-c", "trap 'echo ${name} down >> order; exit 0' TERM; echo ${name} up >> order; while :; do sleep 0.05; done"] }\n`;
    home.write('jobs.toml', job('c', '"b"') + job('b', '"a"') + job('a', ''));
    expect((await home.apply()).ok).toBe(true);
    await home.overseer('die');
    const { stdout } = await ran(home, 'cat order');
    expect(stdout.trim().split('\n')).toEqual(['a up', 'b up', 'c up', 'c down', 'b down', 'a down']);
  });

  test('T-210 J-20 a job whose dependency is held waits, and the trigger does not wait for it', async () => {
    home.write(
      'jobs.toml',
      '[[jobs]]\nname = "db"\njob_command = "sleep 1000"\ntest_command = "false"\n[[jobs]]\nname = "web"\njob_command = "sleep 1000"\nafter = ["db"]\n',
    );
    expect((await home.apply()).changes).toMatchObject([
      { job: 'db', state: 'held' },
      { job: 'web', state: 'waiting', pid: null },
    ]);
    expect((await home.overseer('why', 'web')).stdout).toContain(
      'Waiting for db: held, its test exited with 1',
    );
  });

  test('T-211 R-2 die stops every job and leaves nothing, and the next trigger brings the jobs back', async () => {
    home.write('jobs.toml', three);
    await home.apply();
    const daemon = home.daemonPid();
    const died = await home.overseer('die');
    expect(died.code).toBe(0);
    await awaited(async () => (isAlive(daemon) ? null : true), 'the daemon gone');
    expect(home.processes()).toEqual([]);
    expect(existsSync(join(home.data, 'socket'))).toBe(false);
    expect((await home.apply()).changes).toMatchObject([
      { job: 'api', action: 'start', reason: 'not-running', state: 'running' },
      { job: 'held', action: 'none', reason: 'test-failed' },
      { job: 'web', action: 'start', reason: 'not-running', state: 'running' },
    ]);
  });

  test.each(['start', 'restart', 'stop'])(
    'R-6 a removed job that still waits for its turn to stop goes, although one says %s',
    async (word) => {
      const slow = stopsOnGo('after = ["base"]');
      home.write('jobs.toml', sleeper('base') + slow);
      const pid = (await home.apply()).changes.find(({ job }) => job === 'base')?.pid;
      home.write('jobs.toml', '# no jobs, and meant\n');
      const removing = home.apply();
      await home.until('slow', ({ state }) => state === 'stopping');
      expect(await home.job('base')).toMatchObject({ state: 'running', pid });
      const asking = home.overseer(word, 'base', '--json');
      await awaited(async () => daemonLog().includes(`asks: ${word} base`) || null, `the ${word}`);
      writeFileSync(home.path('go'), '');
      const { stdout } = await asking;
      expect(JSON.parse(stdout)).toMatchObject({
        changes: [{ job: 'base', action: 'remove', reason: 'removed' }],
      });
      await removing;
      expect((await home.status()).jobs).toEqual([]);
      expect(isAlive(pid ?? 0)).toBe(false);
    },
  );

  test('R-4 reverting the config cancels a change that waits for its turn', async () => {
    const both = (more: string): string => sleeper('base', more) + stopsOnGo(`after = ["base"]\n${more}`);
    home.write('jobs.toml', both(''));
    const { pid } = (await home.apply(), await home.job('base'));
    home.write('jobs.toml', both('env = { X = "1" }'));
    const changing = home.apply();
    await home.until('slow', ({ state }) => state === 'stopping');
    home.write('jobs.toml', both(''));
    const changed = timesTold(home, 'slow', 'Apply');
    const back = home.apply();
    await awaited(async () => timesTold(home, 'slow', 'Apply') > changed || null, 'the old config');
    writeFileSync(home.path('go'), '');
    await Promise.all([changing, back]);
    expect(await home.job('base')).toMatchObject({ state: 'running', pid });
    expect((await home.apply()).changes).toMatchObject([{ action: 'none' }, { action: 'none' }]);
  });

  test('T-212 a lost config folder stops nothing, unless it is said to be meant', async () => {
    const file = home.write('jobs.toml', three);
    await home.apply();
    const before = await lives();
    rmSync(file);
    const refused = await home.apply();
    expect([refused.ok, refused.code, refused.changes]).toEqual([false, 78, []]);
    expect(await lives()).toEqual(before);
    expect((await home.apply('--allow-empty')).changes.map(({ action }) => action)).toEqual([
      'remove',
      'remove',
      'remove',
    ]);
    home.write('jobs.toml', three);
    await home.apply();
    home.write('jobs.toml', '# no jobs, and meant\n');
    expect((await home.apply()).changes.map(({ action }) => action)).toEqual(['remove', 'remove', 'remove']);
  });
});

async function ran(where: Home, script: string): Promise<{ stdout: string }> {
  const { execFile } = await import('node:child_process');
  return new Promise((resolve, reject) => {
    execFile('sh', ['-c', script], { cwd: where.dir }, (error, stdout) =>
      error ? reject(error) : resolve({ stdout }),
    );
  });
}
