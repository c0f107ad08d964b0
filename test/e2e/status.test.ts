import type { JobJson } from '../../src/library/types.ts';
import type { Status } from '../../src/wire/messages.ts';
import { VERSION } from '../../src/version.ts';
import { home } from './support/fresh-home.ts';
import { job } from './support/sleeps.ts';
import { codes } from './support/codes.ts';

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;

const NUMBER = expect.any(Number) as number;

test('T-20 status prints a table without colours when it is piped', async () => {
  home.write('jobs.toml', job('web', 'description = "the site"') + job('held', 'test_command = "false"'));
  await home.apply();
  const { pid } = await home.job('web');
  const { code, stdout, stderr } = await home.overseer('status');
  expect([code, stderr, stdout.replace(/ \d+s /, ' 0s ')]).toEqual([
    0,
    '',
    [
      'NAME  STATE    PID'.padEnd(15 + String(pid).length) + '  UP  TEST      DESCRIPTION',
      `held  held     ${'-'.padEnd(String(pid).length)}  -   fail (1)  -`,
      `web   running  ${pid}  0s  -         the site`,
      '',
    ].join('\n'),
  ]);
  expect((await home.overseer('ls')).stdout.replace(/ \d+s /, ' 0s ')).toBe(stdout.replace(/ \d+s /, ' 0s '));
});

test('T-21 status --json prints exactly the keys of the contract', async () => {
  home.write(
    'jobs.toml',
    job('web', 'description = "the site"\ntest_command = "true"') +
      job('bad', 'backoff = { min = 30 }').replace('sleep 1000', 'false'),
  );
  await home.overseer();
  await home.until('bad', ({ state }) => state === 'backoff');
  expect(await home.json<Status>('status', 'web')).toEqual({
    daemon: { pid: home.daemonPid(), port: NUMBER, version: VERSION, startedAt: TIME },
    jobs: [
      {
        name: 'web',
        state: 'running',
        pid: NUMBER,
        startedAt: TIME,
        restarts: 0,
        test: { verdict: 'pass', exitCode: 0, at: TIME },
        lastExit: null,
        stoppedByHand: false,
        nextStartAt: null,
        reason: null,
        description: 'the site',
        tags: [],
        oldConfig: false,
        cpuPercent: null,
        memoryBytes: null,
      } satisfies JobJson,
    ],
  });
  expect((await home.json<Status>('status', 'bad')).jobs[0]).toEqual({
    name: 'bad',
    state: 'backoff',
    pid: null,
    startedAt: null,
    restarts: NUMBER,
    test: null,
    lastExit: { code: 1, signal: null, at: TIME },
    stoppedByHand: false,
    nextStartAt: TIME,
    reason: null,
    description: null,
    tags: [],
    oldConfig: false,
    cpuPercent: null,
    memoryBytes: null,
  });
});

test('status --json of an unknown job prints the daemon that does not know it', async () => {
  home.write('jobs.toml', job('web'));
  await home.overseer();
  const message = 'no such job: nope (known are web)';
  expect(await home.json('status', 'nope')).toEqual({
    daemon: (await home.status()).daemon,
    jobs: [],
    ok: false,
    error: { code: 'no-such-job', message },
  });
});

test('T-22 status of one job says by its exit code whether it is running', async () => {
  home.write('jobs.toml', job('web') + job('held', 'test_command = "false"') + job('off'));
  await home.overseer();
  await home.overseer('stop', 'off');
  expect(
    await codes(
      'status web',
      'status held',
      'status off',
      'status nobody',
      'status web held',
      'status --json held',
    ),
  ).toEqual({
    'status web': 0,
    'status held': 3,
    'status off': 3,
    'status nobody': 4,
    'status web held': 0,
    'status --json held': 3,
  });
});
