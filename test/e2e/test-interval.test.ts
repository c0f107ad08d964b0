import { rmSync, writeFileSync } from 'node:fs';
import { awaited } from './support/home.ts';
import { home } from './support/fresh-home.ts';

/** A job that runs a line of shell. */
function job(name: string, script: string, keys = ''): string {
  return `[[jobs]]\nname = "${name}"\nstart_seconds = 0\njob_command = { exe = "sh", args = ["-c", ${JSON.stringify(script)}] }\n${keys}\n`;
}

const SLEEPS = 'exec sleep 1000';

const touch = (name: string, text = ''): void => writeFileSync(home.path(name), text);

const why = async (name: string): Promise<string> =>
  (await home.overseer('why', name)).stdout.replaceAll(/\s+/g, ' ');

test('T-104 a test that changes its mind starts and stops its job without a trigger', async () => {
  home.write('jobs.toml', job('web', SLEEPS, 'test_command = "test -e flag"\ntest_interval = 0.1'));
  expect((await home.apply()).changes).toMatchObject([{ state: 'held' }]);
  // In between, the test is running, and `why` says that.
  const sentence = 'The test runs again every 0.1 s and at each `overseer`.';
  await awaited(async () => ((await why('web')).includes(sentence) ? true : null), sentence);
  touch('flag');
  await home.until('web', ({ state }) => state === 'running');
  rmSync(home.path('flag'));
  expect(await home.until('web', ({ state }) => state === 'held')).toMatchObject({
    pid: null,
    test: { verdict: 'fail' },
  });
});
