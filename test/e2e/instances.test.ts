import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { awaited, isAlive } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { isTrue } from './support/is-true.ts';
import { pids } from './support/pids.ts';

/** A job that runs a line of shell. */
function job(name: string, script: string, keys = ''): string {
  return `[[jobs]]\nname = "${name}"\nstart_seconds = 0\njob_command = { exe = "sh", args = ["-c", ${JSON.stringify(script)}] }\n${keys}\n`;
}

const SLEEPS = 'exec sleep 1000';

const touch = (name: string, text = ''): void => writeFileSync(home.path(name), text);

const why = async (name: string): Promise<string> =>
  (await home.overseer('why', name)).stdout.replaceAll(/\s+/g, ' ');

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

  test('a job with no instances says that the config asks for none, with exit code 4', async () => {
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
    const script = 'trap "sleep 0.5; echo last >> order; exit 0" TERM; echo up; while :; do sleep 0.02; done';
    const copy =
      'trap "echo $OVERSEER_INSTANCE >> order; exit 0" TERM; echo up; while :; do sleep 0.02; done';
    home.write('jobs.toml', job('web', copy, ready) + job('last', script, 'after = ["web@2"]'));
    touch('up.2');
    await home.overseer('apply', '--no-wait');
    await home.until('last', ({ state }) => state === 'running');
    expect(await home.job('web@1')).toMatchObject({ state: 'starting' });
    touch('up.1');
    await home.until('web@1', ({ state }) => state === 'running');
    await isTrue(() => ['web@1', 'web@2', 'last'].every((name) => home.log(name) === 'up\n'), 'their traps');
    await home.overseer('die');
    const order = readFileSync(home.path('order'), 'utf8').split('\n');
    expect(order.slice(0, order.indexOf('2'))).toContain('last');
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
