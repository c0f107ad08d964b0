import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { ReportJson as Report } from '../../src/cli/words/change-words.ts';
import type { StatusJson } from '../../src/library/types.ts';
import type { JobStatus } from '../../src/wire/messages.ts';
import { Home, awaited, kill } from './support/home.ts';
import { sleeper } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const COPIES = [1, 2, 3] as const;

/** Three copies; one is ready when there is a file with its version and number. */
function write(version: number, more = 'rolling = true\nready = { command = READY, interval = 0.05 }'): void {
  const ready = `{ exe = "sh", args = ["-c", 'test -e "v$V-$OVERSEER_INSTANCE"'] }`;
  const keys = `instances = 3\nenv = { V = "${version}" }\nbackoff = { min = 60, max = 60 }\n${more}`;
  home.write('jobs.toml', sleeper('web', keys.replace('READY', ready)));
}

function makeReady(version: number, ...copies: readonly number[]): void {
  for (const copy of copies) writeFileSync(home.path(`v${version}-${copy}`), '');
}

async function begun(): Promise<readonly JobStatus[]> {
  makeReady(1, ...COPIES);
  write(1);
  await home.apply();
  return (await home.status()).jobs;
}

const pids = async (): Promise<readonly (number | null)[]> =>
  (await home.status()).jobs.map(({ pid }) => pid);
const states = async (): Promise<string> => (await home.status()).jobs.map(({ state }) => state).join(' ');
const become = (wanted: string): Promise<true> =>
  awaited(async () => (await states()) === wanted || null, wanted);

/** The version that a copy was started with. */
const versionOf = ({ pid }: JobStatus): string =>
  readFileSync(`/proc/${pid}/environ`, 'utf8')
    .split('\0')
    .find((each) => each.startsWith('V=')) ?? '';
const versions = async (): Promise<readonly string[]> => (await home.status()).jobs.map(versionOf);

test('T-811 a change replaces one copy at a time, the next one when the new copy is ready', async () => {
  const [first, second, third] = await begun();
  write(2);
  const applied = home.apply();
  await become('starting running running');
  expect((await pids()).slice(1)).toEqual([second?.pid, third?.pid]);
  makeReady(2, 1);
  await become('running starting running');
  expect((await pids())[2]).toBe(third?.pid);
  makeReady(2, 2, 3);
  const { code, changes } = await applied;
  expect([code, changes.map(({ job, action, detail }) => `${job} ${action} ${detail}`)]).toEqual([
    0,
    ['web@1 restart env changed', 'web@2 restart env changed', 'web@3 restart env changed'],
  ]);
  expect(await versions()).toEqual(['V=2', 'V=2', 'V=2']);
  expect(await pids()).not.toContain(first?.pid);
});

test('T-812 a copy that does not come up stops the roll, and the report says so', async () => {
  const [, second, third] = await begun();
  const quick = 'rolling = true\nready = { command = READY, interval = 0.05, within = 0.3 }';
  write(2, quick);
  const { code, changes } = await home.apply();
  const left = 'env, ready changed; not replaced, because web@1 is backoff';
  expect([code, changes.map(({ job, action, state, detail }) => [job, action, state, detail])]).toEqual([
    1,
    [
      ['web@1', 'restart', 'backoff', expect.stringContaining('was not ready within 0.3 s')],
      ['web@2', 'none', 'running', left],
      ['web@3', 'none', 'running', left],
    ],
  ]);
  expect((await pids()).slice(1)).toEqual([second?.pid, third?.pid]);
  // The next trigger tries once more, and takes no more copies down.
  expect((await home.apply()).code).toBe(1);
  expect((await pids()).slice(1)).toEqual([second?.pid, third?.pid]);
  makeReady(2, ...COPIES);
  expect((await home.apply()).code).toBe(0);
  expect(await versions()).toEqual(['V=2', 'V=2', 'V=2']);
});

test('T-813 a stop in the middle of a roll stops every copy, and a start starts them as they are now', async () => {
  await begun();
  write(2);
  const applied = home.apply();
  await become('starting running running');
  expect((await home.overseer('stop', 'web')).code).toBe(0);
  expect(await states()).toBe('stopped stopped stopped');
  await applied;
  makeReady(2, ...COPIES);
  expect((await home.overseer('start', 'web')).code).toBe(0);
  expect(await versions()).toEqual(['V=2', 'V=2', 'V=2']);
});

test('T-814 a daemon that is killed in the middle of a roll leaves the rest to the next one', async () => {
  const [, second, third] = await begun();
  write(2);
  const applied = home.overseer();
  await become('starting running running');
  kill(home.daemonPid(), 'SIGKILL');
  await applied;
  await home.overseer('start', 'web@1', '--no-wait');
  expect((await pids()).slice(1)).toEqual([second?.pid, third?.pid]);
  makeReady(2, ...COPIES);
  await awaited(
    async () =>
      (await states()) === 'running running running' && (await versions()).at(-1) === 'V=2' ? true : null,
    'the end of the roll',
  );
  expect(await versions()).toEqual(['V=2', 'V=2', 'V=2']);
});

test('T-900 a copy that ends after its roll has stopped starts with the config in force', async () => {
  const [, second, third] = await begun();
  write(2, 'rolling = true\nready = { command = READY, interval = 0.05, within = 0.3 }');
  await home.apply();
  const { stdout } = await home.overseer('status');
  expect(stdout.match(/web@\d +\w+ \(old config\)/g)).toHaveLength(2);
  expect((await home.overseer('why', 'web@3')).stdout).toContain('because web@1 is backoff');
  const { jobs } = await home.json<StatusJson>('status');
  expect(jobs.map(({ oldConfig }) => oldConfig)).toEqual([false, true, true]);
  const { stdout: plan } = await home.overseer('plan');
  expect(plan.match(/web@\d +restart/g)).toEqual(['web@2  restart', 'web@3  restart']);
  makeReady(2, 2);
  kill(second?.pid ?? 0, 'SIGKILL');
  await home.until('web@2', ({ state, pid }) => state === 'running' && pid !== second?.pid);
  expect((await home.status()).jobs.slice(1).map(versionOf)).toEqual(['V=2', 'V=1']);
  expect((await pids())[2]).toBe(third?.pid);
});

test('T-901 a change that is taken back leaves the copies that were not replaced as they are', async () => {
  const [, second, third] = await begun();
  write(2, 'rolling = true\nready = { command = READY, interval = 0.05, within = 0.3 }');
  await home.apply();
  write(1);
  const plan = await home.json<{ readonly changes: Report['changes'] }>('plan');
  const report = await home.apply();
  expect([report.code, ...report.changes.map(({ job, action }) => `${job} ${action}`)]).toEqual([
    0,
    'web@1 start',
    'web@2 update',
    'web@3 update',
  ]);
  expect(plan.changes.map(({ action }) => action)).toEqual(['start', 'update', 'update']);
  expect((await pids()).slice(1)).toEqual([second?.pid, third?.pid]);
  expect((await home.overseer('status')).stdout).not.toContain('old config');
});

test('T-815 restart --rolling restarts one copy at a time, and a second one in the middle ends well', async () => {
  makeReady(1, ...COPIES);
  write(1, 'ready = { command = READY, interval = 0.05 }');
  await home.apply();
  const before = await pids();
  rmSync(home.path('v1-1'));
  const first = home.overseer('restart', '--rolling', 'web');
  await become('starting running running');
  expect((await pids()).slice(1)).toEqual(before.slice(1));
  const second = home.overseer('restart', '--rolling', 'web');
  await awaited(
    async () => readFileSync(`${home.data}/overseerd.log`, 'utf8').split('restart web').length > 2 || null,
    'the second request',
  );
  makeReady(1, 1);
  expect([(await first).code, (await second).code]).toEqual([0, 0]);
  expect(await states()).toBe('running running running');
  expect((await pids()).filter((pid) => before.includes(pid))).toEqual([]);
});

test('T-816 a restart stops where a copy does not come up, and exits with 1', async () => {
  await begun();
  const before = await pids();
  write(1, 'rolling = true\nready = { command = READY, interval = 0.05, within = 0.3 }');
  await home.apply();
  rmSync(home.path('v1-1'));
  const { code, stdout } = await home.overseer('restart', 'web');
  expect([code, stdout]).toEqual([1, expect.stringContaining('not replaced, because web@1 is backoff')]);
  expect((await pids()).slice(1)).toEqual(before.slice(1));
});

test('T-817 plan says that copies are replaced one at a time', async () => {
  await begun();
  write(2);
  const { stdout } = await home.overseer('plan');
  expect(stdout.match(/web@\d.*restart.*env changed; one copy at a time/g)).toHaveLength(3);
});

test('T-818 a watched file restarts the copies of a rolling job one at a time', async () => {
  makeReady(1, ...COPIES);
  write(1, 'rolling = true\nwatch = ["code"]\nready = { command = READY, interval = 0.05 }');
  writeFileSync(home.path('code'), '1');
  await home.apply();
  const before = await pids();
  rmSync(home.path('v1-1'));
  // A change so soon after the start would count as the job's own.
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  writeFileSync(home.path('code'), '2');
  await become('starting running running');
  makeReady(1, 1);
  await awaited(
    async () => (await pids()).every((pid) => pid !== null && !before.includes(pid)) || null,
    'three new copies',
  );
  await become('running running running');
});
