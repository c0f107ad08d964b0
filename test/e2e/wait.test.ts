import type { Status } from '../../src/wire/messages.ts';
import { within } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { requests } from './support/requests.ts';
import { going } from './support/going.ts';
import { lateJob as job } from './support/sleeps.ts';

test('T-75 wait returns when all of the jobs are running, and starts no daemon', async () => {
  home.write('jobs.toml', job('web').replace('0.1', '0.4') + job('api'));
  await home.overseer('--no-wait');
  expect(await home.overseer('wait', 'web')).toEqual({ code: 0, stdout: 'web is running\n', stderr: '' });
  await home.overseer('die');
  expect((await home.overseer('wait', '--all')).code).toBe(3);
  await home.overseer('--no-wait');
  expect(await home.overseer('wait', '--all')).toEqual({
    code: 0,
    stdout: '2 jobs are running\n',
    stderr: '',
  });
  const { pid } = await home.job('web');
  expect(await home.json('wait', 'web')).toMatchObject({
    ok: true,
    jobs: [{ name: 'web', state: 'running', pid }],
  });
});

test('T-76 wait hears of a state that comes much later', async () => {
  home.write('jobs.toml', job('web'));
  await home.apply();
  const waiting = going('wait', 'web', '--for', 'stopped');
  await requests(2);
  await home.overseer('stop', 'web');
  expect(await within(waiting.end, 'the end')).toEqual({ code: 0, stdout: 'web is stopped\n', stderr: '' });
});

test('T-77 wait gives up when the time is up, and says what was still under way', async () => {
  home.write('jobs.toml', job('web', 'ready = { command = "false", timeout = 60 }'));
  await home.overseer('--no-wait');
  expect(await home.overseer('wait', 'web', '--timeout', '0.3')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'overseer: timed out after 0.3 s: web is starting\n',
  });
  expect(await home.json('wait', 'web', '--timeout', '0.1')).toMatchObject({
    ok: false,
    error: { code: 'timeout' },
  });
});

test('wait looks once, however short its timeout, and --json says how the jobs are at its end', async () => {
  home.write('jobs.toml', job('web') + job('never', 'test_command = "false"'));
  await home.overseer();
  expect(await home.overseer('wait', 'web', '--timeout', '0')).toEqual({
    code: 0,
    stdout: 'web is running\n',
    stderr: '',
  });
  const late = await home.overseer('wait', '--all', '--timeout', '0', '--json');
  expect([late.code, JSON.parse(late.stdout)]).toEqual([
    1,
    {
      ok: false,
      jobs: (await home.json<Status>('status')).jobs,
      error: { code: 'timeout', message: 'timed out after 0 s: never is held' },
    },
  ]);
});

test('T-78 wait gives up when the job failed, is stopped or was removed meanwhile', async () => {
  home.write('jobs.toml', job('bad', 'max_restarts = 1', 'false').replace('0.1', '5') + job('off'));
  home.write('more.toml', job('gone'));
  await home.overseer('--no-wait');
  expect(await home.overseer('wait', 'bad')).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'overseer: bad is failed: exited with 1, so it will not be running by itself; `overseer why bad` says why\n',
  });
  expect((await home.overseer('wait', 'bad', '--for', 'failed')).code).toBe(0);
  await home.overseer('stop', 'off');
  expect((await home.overseer('wait', 'off', 'bad')).stderr).toContain('off is stopped, bad is failed');
  const waiting = going('wait', 'gone', '--for', 'held');
  await requests(6);
  home.write('more.toml', '');
  await home.overseer('--no-wait');
  expect((await within(waiting.end, 'the end')).stderr).toBe(
    'overseer: gone was removed, so it will not be held by itself\n',
  );
});

test('wait exits with 4 for an unknown job, with 64 for an unknown state or none', async () => {
  home.write('jobs.toml', job('web'));
  await home.apply();
  expect((await home.overseer('wait', 'wbe')).code).toBe(4);
  expect(await home.overseer('wait', 'web', '--for', 'runing')).toEqual({
    code: 64,
    stdout: '',
    stderr:
      'overseer: --for: there is no state runing: did you mean "running"?\nTry `overseer wait --help`.\n',
  });
  for (const words of ['wait', 'wait web --all', 'wait web --timeout soon', 'wait web --timeout -1'])
    expect([words, (await home.overseer(...words.split(' '))).code]).toEqual([words, 64]);
});
