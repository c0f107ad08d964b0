import { writeFileSync } from 'node:fs';
import type { ReportJson as Report } from '../../src/cli/words/change-words.ts';
import { home } from './support/fresh-home.ts';
import { job } from './support/sleeps.ts';
import { inShort } from './support/in-short.ts';
import { lives } from './support/lives.ts';
import { codes } from './support/codes.ts';

test('T-23 plan says what a trigger would do, with the results of the tests, and changes nothing', async () => {
  home.write(
    'jobs.toml',
    job('same') + job('other') + job('gone') + job('asked', 'test_command = "test -e flag"'),
  );
  await home.overseer();
  expect(await codes('plan', 'plan --exit-code')).toEqual({ plan: 0, 'plan --exit-code': 0 });
  const before = await lives();
  home.write(
    'jobs.toml',
    job('same') +
      job('other').replace('1000', '1001') +
      job('new') +
      job('asked', 'test_command = "test -e flag"'),
  );
  writeFileSync(home.path('flag'), '');
  const { code, stdout } = await home.overseer('plan', '--json', '--exit-code');
  const report = JSON.parse(stdout) as Report;
  expect([code, Object.keys(report), inShort(report.changes)]).toEqual([
    2,
    ['ok', 'changes', 'problems'],
    [
      'asked start test-passed held',
      'gone remove removed running',
      'new start new stopped',
      'other restart changed running',
      'same none unchanged running',
    ],
  ]);
  expect(Object.keys(report.changes[0] ?? {}).toSorted()).toEqual([
    'action',
    'detail',
    'job',
    'pid',
    'reason',
    'state',
  ]);
  const human = await home.overseer('plan');
  expect(human).toEqual({
    code: 0,
    stderr: '',
    stdout: [
      '+ asked  start    test exited with 0',
      '- gone   remove   not in the config any more',
      '+ new    start    new',
      '↻ other  restart  job_command changed',
      '',
      '2 to start, 1 to restart, 1 to remove, 1 unchanged',
      '',
    ].join('\n'),
  });
  expect(await lives()).toEqual(before);
  expect((await home.job('asked')).test?.verdict).toBe('fail');
});

test('T-24 plan forecasts exactly what the trigger then does', async () => {
  home.write('jobs.toml', job('a') + job('b') + job('c', 'test_command = "test ! -e flag"') + job('d'));
  await home.overseer();
  await home.overseer('stop', 'd');
  writeFileSync(home.path('flag'), '');
  home.write(
    'jobs.toml',
    job('a', 'restart = "never"') + job('c', 'test_command = "test ! -e flag"') + job('d') + job('e'),
  );
  const bare = ({ changes }: Report): readonly object[] =>
    changes.map(({ job: name, action, reason }) => ({ name, action, reason }));
  const planned = bare(await home.json<Report>('plan'));
  expect(bare(await home.apply())).toEqual(planned);
  expect(await codes('plan --exit-code')).toEqual({ 'plan --exit-code': 0 });
});

test('a job held by a test that its config no longer has changes with that as the reason', async () => {
  home.write('jobs.toml', job('held', 'test_command = "false"'));
  await home.overseer();
  home.write('jobs.toml', job('held'));
  const expected = { job: 'held', action: 'start', reason: 'changed', detail: 'test_command changed' };
  expect((await home.json<Report>('plan')).changes).toMatchObject([expected]);
  expect((await home.apply()).changes).toMatchObject([{ ...expected, state: 'running' }]);
});

test('T-1710 plan says scheduled of what the trigger only schedules, with a daemon and after one', async () => {
  home.write(
    'jobs.toml',
    job('late', 'schedule = "every 10h"') + job('soon', 'schedule = "every 10h"\nrun_at_start = true'),
  );
  const words = async (...command: readonly string[]): Promise<string> =>
    (await home.overseer(...command)).stdout.split('\n')[0]?.split(/ +/)[2] ?? '';
  expect([await words('plan', 'late'), await words('apply', 'late')]).toEqual(['scheduled', 'scheduled']);
  const summary = async (): Promise<string | undefined> =>
    (await home.overseer('plan')).stdout.trimEnd().split('\n').at(-1);
  expect(await summary()).toBe('1 to start, 1 waiting');
  await home.overseer('die');
  expect(await summary()).toBe('1 to start, 1 scheduled');
});
