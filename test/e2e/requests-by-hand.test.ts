import { awaited, Home } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const STUBBORN = `trap '' TERM; echo ready; while :; do sleep 0.05; done`;
/** It runs as soon as it ignores the signal. */
const READY = 'ready = { log = "ready" }\n';

test('a job that crashes again and again is down, whatever the other job takes to come up', async () => {
  home.write(
    'jobs.toml',
    shellJob(
      'slow',
      'sleep 2.3; echo READY; exec sleep 1000',
      'ready = { log = "READY", interval = 0.1 }\n',
    ) + shellJob('c', 'sleep 0.4; exit 1').replace('start_seconds = 0', 'start_seconds = 60'),
  );
  const { code, ok, changes } = await home.apply();
  expect([code, ok]).toEqual([1, false]);
  expect(changes.map(({ job, state }) => `${job} ${state}`)).toEqual(['c backoff', 'slow running']);
});

test('a job that only waits for its time is scheduled, and none is said to be started', async () => {
  home.write('jobs.toml', shellJob('night', 'exit 0', 'schedule = "@yearly"\n'));
  const { stdout } = await home.overseer();
  expect(stdout).toMatch(/^\+ night {2}scheduled {2}next run .*\n\n1 scheduled\n$/);
});

test('a stop and a restart that needed SIGKILL say so', async () => {
  home.write('jobs.toml', shellJob('stubborn', STUBBORN, `stop_timeout = 0.3\n${READY}`));
  await home.overseer();
  const said = 'did not stop within 0.3 s, so it was killed';
  expect((await home.overseer('restart', 'stubborn')).stdout).toContain(`restarted  ${said}`);
  expect((await home.overseer('stop', 'stubborn')).stdout).toContain(`stopped  ${said}`);
  await home.overseer('start', 'stubborn');
  home.write('jobs.toml', sleeper('other'));
  expect((await home.overseer()).stdout).toContain(`removed  ${said}`);
});

test('start and restart say why a named job is not up, by name, with exit code 1', async () => {
  home.write(
    'jobs.toml',
    sleeper('db') + sleeper('web', 'after = ["db"]\n') + sleeper('gated', 'test_command = "false"\n'),
  );
  await home.overseer();
  await home.overseer('stop', 'db', 'web');
  const web = await home.overseer('start', 'web');
  expect([web.code, web.stdout]).toEqual([1, expect.stringContaining('waiting for db (stopped)')]);
  const gated = await home.overseer('start', 'gated');
  expect([gated.code, gated.stdout]).toEqual([1, expect.stringContaining('gated  held  test exited with 1')]);
});

test('a trigger whose restart leaves a job waiting says that the job is down, and exits with 1', async () => {
  home.write('jobs.toml', sleeper('db') + sleeper('web', 'after = ["db"]\n'));
  await home.overseer();
  await home.overseer('stop', 'db');
  home.write('jobs.toml', sleeper('db') + sleeper('web', 'after = ["db"]\nenv = { A = "1" }\n'));
  const { code, stdout } = await home.overseer();
  expect([code, stdout]).toEqual([1, expect.stringMatching(/! web +down +.*waiting for db \(stopped\)/)]);
});

test('a trigger does not wait for a slow stop that somebody else asked for, with or without wait', async () => {
  home.write('jobs.toml', shellJob('stubborn', STUBBORN, `stop_timeout = 600\n${READY}`) + sleeper('web'));
  await home.overseer();
  const stopping = home.overseer('stop', 'stubborn');
  await home.until('stubborn', ({ state }) => state === 'stopping');
  home.write(
    'jobs.toml',
    shellJob('stubborn', STUBBORN, `stop_timeout = 600\n${READY}`) + sleeper('web') + sleeper('new'),
  );
  for (const args of [['--no-wait'], []]) {
    expect((await home.overseer(...args)).code).toBe(0);
    expect((await home.job('stubborn')).state).toBe('stopping');
  }
  await awaited(async () => ((await home.job('new')).state === 'running' ? true : null), 'the new job');
  await home.overseer('signal', 'KILL', 'stubborn');
  await stopping;
});

test('apply JOB is limited to the job and those that it comes after', async () => {
  home.write('jobs.toml', sleeper('db') + sleeper('web', 'after = ["db"]\n') + sleeper('other'));
  expect((await home.apply('web')).changes.map(({ job, action }) => `${job} ${action}`)).toEqual([
    'db start',
    'web start',
  ]);
  expect((await home.overseer('plan')).stdout).toContain('+ other  start');
  home.write('jobs.toml', sleeper('db') + sleeper('other'));
  expect((await home.apply('other')).changes.map(({ job, action }) => `${job} ${action}`)).toEqual([
    'other start',
  ]);
  expect((await home.apply('web')).changes).toMatchObject([{ job: 'web', action: 'remove' }]);
  expect((await home.overseer('apply', 'nope')).code).toBe(4);
});

test('T-993 a scheduled job that is run by hand and fails is reported as failed, among others', async () => {
  home.write(
    'jobs.toml',
    shellJob('bad', 'exit 2', 'schedule = "@yearly"\n') +
      shellJob('good', 'exit 0', 'schedule = "@yearly"\n'),
  );
  await home.overseer();
  const { code, stdout } = await home.overseer('start', 'bad', 'good');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^! bad {3}failed {3}exited with 2; next run .* waiting$/m);
  expect(stdout).toMatch(/^\+ good {2}started {2}exited with 0; next run .* waiting$/m);
  expect(stdout).toMatch(/\n1 started, 1 failed\n$/);
});
