import { join } from 'node:path';
import type { WhyJson as Why } from '../../src/cli/words/why-words.ts';
import type { JobStatus } from '../../src/wire/messages.ts';
import { home } from './support/fresh-home.ts';
import { job } from './support/sleeps.ts';
import { codes } from './support/codes.ts';

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;

test('T-29 why says in a sentence why a job is in its state, then the facts', async () => {
  home.write(
    'jobs.toml',
    job('held', 'test_command = { exe = "sh", args = ["-c", "echo not today; exit 3"] }') + job('web'),
  );
  await home.overseer();
  const { code, stdout, stderr } = await home.overseer('why', 'held');
  expect([code, stderr, ...stdout.split('\n').slice(0, 3)]).toEqual([
    0,
    '',
    'held  held',
    'Its test exited with 3, so it should not be running.',
    'The test runs again at each `overseer`.',
  ]);
  expect(stdout).toMatch(/^ {2}test output +not today$/m);
  expect(stdout).toMatch(/^ {2}command +sleep 1000$/m);
  expect(await codes('why web', 'why nobody', 'why')).toEqual({ 'why web': 0, 'why nobody': 4, why: 64 });
});

test('why says how a test gave no answer, and that nothing was changed because of it', async () => {
  const noAnswer = {
    code: '{ exe = "sh", args = ["-c", "exit 255"] }',
    late: '"sleep 30"',
    absent: '"no-such-test"',
  };
  const jobs = (prefix: string, isAsked: boolean): string =>
    Object.entries(noAnswer)
      .map(([name, test]) =>
        job(
          prefix + name,
          `test_command = ${isAsked ? test : '"true"'}\n${isAsked && name === 'late' ? 'test_timeout = 0.2' : ''}`,
        ),
      )
      .join('');
  home.write('jobs.toml', jobs('', false));
  await home.overseer();
  home.write('jobs.toml', jobs('', true) + jobs('new-', true));
  await home.overseer();
  const because = async (name: string): Promise<string> =>
    (await home.json<Why>('why', name)).because.join(' ');
  const how = ['exited with 255', 'timed out after 0.2 s', 'could not run: command not found: no-such-test'];
  for (const [at, name] of Object.keys(noAnswer).entries()) {
    const begin = `It is running. Its test gave no answer, so nothing was changed because of it: it ${how[at]}`;
    expect((await because(name)).slice(0, begin.length)).toBe(begin);
    expect(await because(`new-${name}`)).toContain(
      `Its test gave no answer, so it is not started: it ${how[at]}`,
    );
  }
});

test('why of several copies tells each after its name, and with --json an array of them', async () => {
  home.write('jobs.toml', job('web', 'instances = 2') + job('worker') + job('other'));
  await home.overseer();
  const one = async (name: string): Promise<string> =>
    (await home.overseer('why', name)).stdout.replaceAll(/ \d+s( ago|$)/gm, ' 0s$1');
  for (const [word, names] of [
    ['web', ['web@1', 'web@2']],
    ['w*', ['web@1', 'web@2', 'worker']],
  ] as const) {
    const each = await Promise.all(names.map(one));
    expect(await one(word)).toBe(each.join('\n'));
    expect((await home.json<readonly Why[]>('why', word)).map(({ status }) => status.name)).toEqual(names);
  }
  expect((await home.json<Why>('why', 'other*')).status.name).toBe('other');
});

test('T-30 why --json prints the facts', async () => {
  home.write('jobs.toml', job('web'));
  await home.overseer();
  expect(await home.json<Why>('why', 'web')).toEqual({
    status: expect.objectContaining({ name: 'web', state: 'running' }) as JobStatus,
    because: ['It is running.'],
    command: 'sleep 1000',
    cwd: home.dir,
    testCommand: null,
    testDetail: null,
    testOutput: null,
    restart: 'always',
    watch: [],
    waitsFor: [],
    log: join(home.data, 'logs', 'web.log'),
    printed: [],
    history: [
      expect.objectContaining({
        at: TIME,
        state: 'starting',
        cause: 'config',
        detail: 'new in the config',
      }),
      expect.objectContaining({ at: TIME, state: 'running', cause: 'config', exit: null }),
    ] as unknown as Why['history'],
    runs: [],
  });
});
