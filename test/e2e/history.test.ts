import { existsSync, appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Why } from '../../src/wire/messages.ts';
import { Home, awaited } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const shell = (name: string, script: string, keys = ''): string =>
  `[[jobs]]\nname = "${name}"\nstart_seconds = 0.05\njob_command = { exe = "sh", args = ["-c", '${script}'] }\n${keys}\n`;
const sleeper = (name: string, keys = ''): string => shell(name, 'exec sleep 1000', keys);
const file = (name: string): string => join(home.data, 'history', name);
const why = (name: string): Promise<Why> => home.json<Why>('why', name);
const states = async (name: string): Promise<readonly string[]> =>
  (await why(name)).history.map(({ state, cause }) => `${state} ${cause}`);

test('the changes and runs of a job survive a crash of the daemon, and go on where they were', async () => {
  home.write('jobs.toml', sleeper('web'));
  await home.apply();
  await home.overseer('restart', 'web');
  await home.killDaemon();
  await home.apply();
  const before = [
    'starting config',
    'running config',
    'stopping by-hand',
    'starting by-hand',
    'running by-hand',
  ];
  expect(await states('web')).toEqual(before);
  await home.overseer('stop', 'web');
  const after = await why('web');
  expect(after.history.map(({ state, cause }) => `${state} ${cause}`)).toEqual([
    ...before,
    'stopping by-hand',
    'stopped by-hand',
  ]);
  expect(after.runs).toMatchObject([
    { run: 1, exit: { code: null, signal: 'SIGTERM' }, cause: 'by-hand', detail: 'restarted by hand' },
    { run: 2, cause: 'by-hand', detail: 'stopped by hand', durationMs: expect.any(Number) },
  ]);
  expect((await home.overseer('events', 'web')).stdout).toContain('restarted by hand');
});

test('a history stays within its size: the last 100 changes and 20 runs, in 64 kB', async () => {
  home.write('jobs.toml', shell('bad', 'exit 1', 'backoff = { min = 0, max = 0 }'));
  await home.overseer('--no-wait');
  await awaited(
    async () => ((await home.job('bad')).restarts > 60 ? true : null),
    'more runs than are remembered',
  );
  const { history, runs } = await why('bad');
  expect([history.length, runs.length]).toEqual([100, 20]);
  expect(statSync(file('bad')).size).toBeLessThanOrEqual(64 * 1024);
  expect(runs.at(-1)).toMatchObject({ exit: { code: 1, signal: null }, cause: 'exit' });
});

test('a line that is cut short or damaged is passed over, and what comes later stands in its own', async () => {
  home.write('jobs.toml', sleeper('web'));
  await home.apply();
  await home.killDaemon();
  writeFileSync(file('web'), `no json\n${readFileSync(file('web'), 'utf8')}`);
  appendFileSync(file('web'), '{"kind":"change","at":"2026-');
  await home.apply();
  await home.overseer('stop', 'web');
  expect(await states('web')).toEqual([
    'starting config',
    'running config',
    'stopping by-hand',
    'stopped by-hand',
  ]);
});

test('a history goes with its job, and a new job of the old name begins its own', async () => {
  home.write('jobs.toml', sleeper('web') + sleeper('other'));
  await home.apply();
  home.write('jobs.toml', sleeper('other'));
  await home.apply();
  expect([existsSync(file('web')), existsSync(file('other'))]).toEqual([false, true]);
  home.write('jobs.toml', sleeper('web') + sleeper('other'));
  await home.apply();
  expect(await states('web')).toEqual(['starting config', 'running config']);
});
