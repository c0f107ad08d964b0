import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../src/plan/change.ts';
import type { StatusJson } from '../../src/library/types.ts';
import { awaited, within } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { inShort } from './support/in-short.ts';
import { job, script } from './support/sleeps.ts';
import { logged } from './support/logged.ts';
import { stopsOnGo } from './support/stops-on-go.ts';

test('T-177 a changed config reaches a job in backoff, which then is one copy with the new command', async () => {
  home.write(
    'jobs.toml',
    script('web', 'exit 1', 'backoff = { min = 20 }').replace('start_seconds = 0', 'start_seconds = 60'),
  );
  await home.apply();
  home.write('jobs.toml', script('web', 'echo new; exec sleep 1000'));
  expect(inShort((await home.apply()).changes)).toEqual(['web start changed running']);
  await logged('web', 'new');
  expect(home.log('web')).toBe('new\n');
});

test('T-178 a changed config reaches a job that waits for another: one copy with the new command', async () => {
  const db = (test: string): string => job('db', `test_command = "${test}"`);
  home.write('jobs.toml', db('false') + script('web', 'echo old; exec sleep 1000', 'after = ["db"]'));
  expect(inShort((await home.apply()).changes)).toEqual([
    'db none test-failed held',
    'web start new waiting',
  ]);
  home.write('jobs.toml', db('true') + script('web', 'echo new; exec sleep 1000', 'after = ["db"]'));
  await home.apply();
  await logged('web', 'new');
  expect([home.log('web'), (await home.job('web')).state]).toEqual(['new\n', 'running']);
});

test('T-179 a changed config of the only job leaves the daemon as it is', async () => {
  home.write('jobs.toml', job('web'));
  await home.apply();
  const daemon = home.daemonPid();
  home.write('jobs.toml', job('web').replace('1000', '1001'));
  await home.apply();
  home.write('jobs.toml', '');
  expect(inShort((await home.apply()).changes)).toEqual(['web remove removed stopped']);
  expect((await home.status()).daemon.pid).toBe(daemon);
});

test('T-180 a stop by hand wins over a restart that is under way', async () => {
  home.write('jobs.toml', stopsOnGo());
  await home.apply();
  const restart = home.overseer('restart', 'slow');
  await home.until('slow', ({ state }) => state === 'stopping');
  const stop = home.json<{ changes: readonly Change[] }>('stop', 'slow');
  await home.until('slow', ({ stoppedByHand }) => stoppedByHand);
  writeFileSync(home.path('go'), '');
  expect(inShort((await stop).changes)).toEqual(['slow stop by-hand stopped']);
  await within(restart, 'the restart to be told');
  expect((await home.job('slow')).state).toBe('stopped');
  expect(home.log('slow').split('began').length).toBe(2);
});

test('T-184 a config stays the same through a trigger that changes nothing', async () => {
  home.write('jobs.toml', job('web') + job('api', 'restart = "never"'));
  await home.apply();
  const kept = (): string => readFileSync(join(home.data, 'state.journal'), 'utf8');
  const before = kept();
  await home.apply();
  expect(kept()).toBe(before);
});

test('a trigger waits for a job whose restart an earlier daemon had begun', async () => {
  home.write('jobs.toml', stopsOnGo());
  await home.apply();
  home.write('jobs.toml', stopsOnGo('env = { NEW = "1" }\n'));
  const first = home.overseer();
  await home.until('slow', ({ state }) => state === 'stopping');
  await home.killDaemon();
  await within(first, 'the end of the first trigger');
  const second = home.overseer();
  const stateNow = async (): Promise<string | undefined> =>
    (await home.json<StatusJson>('status')).jobs[0]?.state;
  await awaited(async () => (await stateNow()) === 'stopping' || null, 'a daemon that goes on with the stop');
  writeFileSync(home.path('go'), '');
  expect((await within(second, 'the second trigger')).code).toBe(0);
  expect((await home.job('slow')).state).toBe('running');
});
