import { existsSync, readFileSync } from 'node:fs';
import type { ReportJson } from '../../src/cli/words/change-words.ts';
import { awaited, ended, isAlive, kill, type Ran } from './support/home.ts';
import type { WhyJson } from '../../src/cli/words/why-words.ts';
import { MacHome, type Knobs } from './support/mac.ts';
import { shellJob, sleeper } from './support/shell-job.ts';

let home: MacHome;
beforeEach(() => {
  home = new MacHome();
});
afterEach(() => home.dispose());

const run = (knobs: Knobs, ...args: readonly string[]): Promise<Ran> =>
  ended(home.begin(home.knobs(knobs), ...args));

/**
 * What a Mac is like before it is started anew, and after: another boot, and the volumes are numbered anew.
 */
const BEFORE = { boot: '11111111-0000-0000-0000-000000000000', devices: 0 };
const AFTER = { boot: '22222222-0000-0000-0000-000000000000', devices: 1 };

/** Everything of the home ends at once. */
async function losePower(): Promise<void> {
  await awaited(async () => {
    const left = home.processes();
    for (const pid of left) kill(pid, 'SIGKILL');
    return left.length === 0 || null;
  }, 'nothing left');
}

const runsOf = (name: string): number => readFileSync(home.path(name), 'utf8').split('\n').length - 1;

test('a reboot reruns no one-shot and starts every other job', async () => {
  home.write(
    'jobs.toml',
    shellJob('done', `echo run >> ${home.path('done')}`, 'restart = "never"') +
      shellJob('cut', `echo run >> ${home.path('cut')}; exec sleep 1000`, 'restart = "never"') +
      sleeper('web'),
  );
  await run(BEFORE, '--no-wait');
  await awaited(
    async () => (existsSync(home.path('cut')) && existsSync(home.path('done'))) || null,
    'both runs',
  );
  await home.until('done', ({ state }) => state === 'finished');
  await losePower();
  const { stdout } = await run(AFTER, '--json');
  const { changes } = JSON.parse(stdout) as ReportJson;
  expect(changes.map(({ job, action, state }) => [job, action, state])).toEqual([
    ['cut', 'none', 'failed'],
    ['done', 'none', 'finished'],
    ['web', 'start', 'running'],
  ]);
  expect([runsOf('cut'), runsOf('done')]).toEqual([1, 1]);
  expect(readFileSync(`${home.data}/overseerd.log`, 'utf8')).not.toContain('copy');
  const { history, runs } = JSON.parse((await run(AFTER, 'why', 'web', '--json')).stdout) as WhyJson;
  expect(history.slice(2).map(({ state, cause, detail }) => [state, cause, detail])).toEqual([
    ['stopping', 'daemon', 'the machine was restarted'],
    ['backoff', 'daemon', expect.stringContaining('next start at once')],
    ['starting', 'daemon', 'the machine was restarted'],
    ['running', 'daemon', expect.stringMatching(/^pid /)],
  ]);
  expect(runs.map(({ exit, cause, detail }) => [exit, cause, detail])).toEqual([
    [{ code: null, signal: null }, 'daemon', 'the machine was restarted'],
  ]);
});

test('a daemon of the same boot adopts its jobs though the device has another number', async () => {
  home.write('jobs.toml', sleeper('web'));
  await run(BEFORE);
  const { pid } = await home.job('web');
  await home.killDaemon();
  await run({ ...BEFORE, devices: 1 });
  expect((await home.job('web')).pid).toBe(pid);
  expect(isAlive(pid ?? 0)).toBe(true);
});
