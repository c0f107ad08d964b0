import type { ReportJson as Report } from '../../src/cli/words/change-words.ts';
import { home } from './support/fresh-home.ts';
import { job, program } from './support/sleeps.ts';
import { inShort } from './support/in-short.ts';
import { logHolds } from './support/log-holds.ts';

const NUMBER = expect.any(Number) as number;

test('T-25 apply prints a line for each change and a sum, and the next one that nothing changed', async () => {
  home.write('jobs.toml', job('web') + job('held', 'test_command = "false"'));
  const first = await home.overseer();
  const { pid } = await home.job('web');
  expect(first).toEqual({
    code: 0,
    stderr: '',
    stdout: `· held  held     test exited with 1\n+ web   started  new                 pid ${pid}\n\n1 started, 1 held\n`,
  });
  expect(await home.overseer('apply')).toEqual({
    code: 0,
    stderr: '',
    stdout: 'nothing changed: 1 job held, 1 running\n',
  });
});

test('T-254 apply --json prints exactly the keys of the contract', async () => {
  home.write('jobs.toml', job('web'));
  const report = await home.json<Report>();
  expect(report).toEqual({
    ok: true,
    changes: [{ job: 'web', action: 'start', reason: 'new', detail: '', state: 'running', pid: NUMBER }],
    problems: [],
  });
});

test('T-26 apply says what to do next about a job that did not come up, with exit code 1', async () => {
  home.write('jobs.toml', '[[jobs]]\nname = "bad"\njob_command = "false"\nstart_seconds = 60\n');
  const { code, stderr } = await home.overseer();
  expect([code, stderr]).toEqual([
    1,
    'bad did not come up: `overseer why bad` says why, `overseer logs bad` what it printed\n',
  ]);
});

test('T-27 apply --no-wait returns once all jobs are spawned', async () => {
  home.write('jobs.toml', job('slow').replace('start_seconds = 0', 'start_seconds = 1000'));
  expect(inShort((await home.apply('--no-wait')).changes)).toEqual(['slow start new starting']);
});

test('T-28 six applies at the same time start one daemon and one copy of each job', async () => {
  home.write('jobs.toml', program('web', `{ exe = "sh", args = ["-c", "echo began; exec sleep 1000"] }`));
  const all = await Promise.all(Array.from({ length: 6 }, () => home.overseer()));
  expect(all.map(({ code, stderr }) => [code, stderr])).toEqual(all.map(() => [0, '']));
  await logHolds(home, 'web', 'began\n');
  expect(
    home
      .daemons()
      .flat()
      .filter(({ from, event }) => `${event} ${from}` === 'Success OpenSocket'),
  ).toHaveLength(1);
});
