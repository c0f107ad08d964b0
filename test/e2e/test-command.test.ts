import { rmSync, writeFileSync } from 'node:fs';
import { awaited, fixture, within } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { inShort } from './support/in-short.ts';
import { job, script } from './support/sleeps.ts';
import { logged } from './support/logged.ts';

test('T-181 J-17 a test that outlives its time is ended with the children that it started', async () => {
  home.write(
    'jobs.toml',
    job('web', `test_command = ${JSON.stringify(fixture('has-children-too'))}\ntest_timeout = 0.3`),
  );
  expect((await home.apply()).changes).toMatchObject([{ reason: 'test-unknown', state: 'held' }]);
  expect(home.processes()).toEqual([home.daemonPid()]);
});

test('T-182 a test that runs during backoff or a stop decides as ever: no holds the job, yes starts it', async () => {
  const asked = 'test_command = "test -e flag"';
  const slow =
    "trap 'until [ -e over ]; do sleep 0.02; done; exit 0' TERM; echo began; while :; do sleep 0.02; done";
  writeFileSync(home.path('flag'), '');
  home.write(
    'jobs.toml',
    script('down', 'exit 1', `backoff = { min = 1000, max = 1000 }\n${asked}`) + script('out', slow, asked),
  );
  await home.apply();
  await home.until('down', ({ state }) => state === 'backoff');
  await logged('out', 'began');
  const restart = home.overseer('restart', 'out');
  await home.until('out', ({ state }) => state === 'stopping');
  rmSync(home.path('flag'));
  expect(inShort((await home.apply()).changes)).toEqual([
    expect.stringMatching(/^down \w+ test-failed held$/),
    // It does not wait for the stop that somebody else asked for.
    'out stop test-failed stopping',
  ]);
  writeFileSync(home.path('over'), '');
  await within(restart, 'the restart to be told');
  await home.until('out', ({ state }) => state === 'held');
  const begun = (): number => home.log('out').split('began\n').length - 1;
  expect(begun()).toBe(1);
  writeFileSync(home.path('flag'), '');
  expect(inShort((await home.apply()).changes)).toEqual([
    expect.stringMatching(/^down start test-passed /),
    'out start test-passed running',
  ]);
  await awaited(async () => begun() === 2 || null, 'the second run');
});

test('T-183 a test that says no is no failed start: nothing is restarted because of it', async () => {
  home.write('jobs.toml', job('web', 'test_command = "false"\nmax_restarts = 1'));
  for (let round = 0; round < 3; round += 1)
    expect(inShort((await home.apply()).changes)).toEqual([
      expect.stringMatching(/^web none test-failed held$/),
    ]);
  expect(await home.job('web')).toMatchObject({ state: 'held', restarts: 0 });
});
