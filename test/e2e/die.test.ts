import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { awaited, isAlive, kill } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { job } from './support/sleeps.ts';
import { inShort } from './support/in-short.ts';
import { lives } from './support/lives.ts';
import { stopsOnGo } from './support/stops-on-go.ts';
import { clientsThatCameTo } from './support/traced.ts';

test('after die, plan shows a job whose test fails as held', async () => {
  home.write('jobs.toml', job('web') + job('held', 'test_command = "false"') + job('off'));
  await home.overseer();
  await home.overseer('stop', 'off');
  await home.overseer('die');
  const { stdout } = await home.overseer('plan');
  expect(stdout).toBe(
    [
      '· held  held     test exited with 1',
      '· off   stopped  stopped by hand',
      '+ web   start    it was not running',
      '',
      '1 to start, 1 held, 1 stopped',
      '',
    ].join('\n'),
  );
});

test('T-47 die --keep-jobs leaves the jobs running, and the next daemon adopts them', async () => {
  home.write('jobs.toml', job('web') + job('api'));
  await home.overseer();
  const before = await lives();
  const daemon = home.daemonPid();
  const died = await home.overseer('die', '--keep-jobs');
  expect(died).toEqual({ code: 0, stdout: 'the daemon has ended, 2 jobs left running\n', stderr: '' });
  await awaited(async () => (isAlive(daemon) ? null : true), 'the daemon gone');
  expect(existsSync(join(home.data, 'socket'))).toBe(false);
  expect(inShort((await home.apply()).changes)).toEqual([
    'api none unchanged running',
    'web none unchanged running',
  ]);
  expect(await lives()).toEqual(before);
  const { pid } = await home.job('web');
  kill(pid ?? 0, 'SIGKILL');
  await home.until('web', (web) => web.pid !== null && web.pid !== pid);
});

test('T-48 die says what it stopped', async () => {
  home.write('jobs.toml', job('web'));
  await home.overseer();
  expect(await home.json('shutdown')).toEqual({ stopped: ['web'], kept: [] });
});

describe('while the daemon is dying', () => {
  test('commands that may start a daemon wait for a dying one, and it refuses all others', async () => {
    home.write('jobs.toml', stopsOnGo());
    await home.overseer();
    const old = home.daemonPid();
    const died = home.overseer('die');
    await home.until('slow', ({ state }) => state === 'stopping').catch(() => null);
    const refused = {
      code: 1,
      stdout: '',
      stderr: 'overseer: the daemon is shutting down; try again in a moment\n',
    };
    expect(await home.overseer('status')).toEqual(refused);
    const waiting = [home.overseer(), home.overseer('start', 'slow')] as const;
    // Both have been told that the daemon is shutting down, as two commands before them were answered.
    await awaited(async () => clientsThatCameTo(home, 'CloseSocket') === 4 || null, 'both commands');
    writeFileSync(home.path('go'), '');
    const [applied, started] = await Promise.all(waiting);
    expect([applied.code, started.code, applied.stderr + started.stderr]).toEqual([0, 0, '']);
    expect((await died).code).toBe(0);
    expect([home.daemonPid() === old, (await home.job('slow')).state]).toEqual([false, 'running']);
  });

  test('`overseer die & overseer` works, however close they are', async () => {
    home.write('jobs.toml', job('web'));
    for (let round = 0; round < 8; round += 1) {
      await home.overseer();
      const { stdout, stderr, code } = await home.shell(
        `overseer die & sleep 0.0${round}; overseer apply; echo "$?"; wait`,
      );
      expect([code, stderr, /^0$/m.test(stdout)]).toEqual([0, '', true]);
      await home.overseer();
      expect((await home.job('web')).state).toBe('running');
    }
  });
});
