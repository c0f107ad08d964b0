import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportJson as Report } from '../../src/cli/words/change-words.ts';
import { killed } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { job } from './support/sleeps.ts';
import { inShort } from './support/in-short.ts';
import { codes } from './support/codes.ts';

test('T-16 a command that only asks starts no daemon, writes nothing and exits with 3', async () => {
  home.write('jobs.toml', job('web'));
  expect(
    await codes(
      'status',
      'status web',
      'ls',
      'plan',
      'why web',
      'stop web',
      'stop --all',
      'signal HUP web',
      'die',
      'shutdown',
      'logs',
      'check',
    ),
  ).toEqual({
    status: 3,
    'status web': 3,
    ls: 3,
    plan: 0,
    'why web': 3,
    'stop web': 3,
    'stop --all': 3,
    'signal HUP web': 3,
    die: 3,
    shutdown: 3,
    logs: 0,
    check: 0,
  });
  expect([existsSync(home.data), home.processes()]).toEqual([false, []]);
});

test('T-17 plan without a daemon forecasts from what was kept and what still lives', async () => {
  home.write('jobs.toml', job('web') + job('api'));
  expect(inShort((await home.json<Report>('plan')).changes)).toEqual([
    'api start new stopped',
    'web start new stopped',
  ]);
  expect((await home.overseer('plan', '--exit-code')).code).toBe(2);
  await home.apply();
  const { pid } = await home.job('api');
  await home.killDaemon();
  await killed(pid ?? 0);
  const journal = readFileSync(join(home.data, 'state.journal'));
  home.write('jobs.toml', job('web', 'env = { A = "1" }') + job('api'));
  expect(inShort((await home.json<Report>('plan')).changes)).toEqual([
    'api start not-running stopped',
    'web restart changed running',
  ]);
  expect(readFileSync(join(home.data, 'state.journal')).equals(journal)).toBe(true);
  home.write('bad.toml', 'x = 1');
  expect((await home.overseer('plan')).code).toBe(78);
});

test('T-18 the reason why there is no daemon is on stderr, and with --json on stdout too', async () => {
  home.write('jobs.toml', job('web'));
  const human = await home.overseer('status');
  expect(human).toEqual({
    code: 3,
    stdout: '',
    stderr: 'overseer: no daemon is running; `overseer` starts one\n',
  });
  const { code, stdout } = await home.overseer('status', '--json');
  const error = { code: 'no-daemon', message: 'no daemon is running; `overseer` starts one' };
  expect([code, JSON.parse(stdout)]).toEqual([3, { ok: false, daemon: null, jobs: [], error }]);
});

test('T-19 start starts a daemon, with the jobs that the last one knew', async () => {
  home.write('jobs.toml', job('web') + job('api'));
  await home.apply();
  await home.overseer('die');
  const { code, stdout } = await home.overseer('start', 'web');
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/^\+ web {2}started {2}by hand {2}pid \d+\n\n1 started\n$/),
  ]);
  expect((await home.status()).jobs.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'api running',
    'web running',
  ]);
});
