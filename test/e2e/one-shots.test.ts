import { readFileSync, writeFileSync } from 'node:fs';
import { Home } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const job = (name: string, command: string, more = ''): string =>
  `[[jobs]]\nname = "${name}"\njob_command = { exe = "sh", args = ["-c", ${JSON.stringify(command)}] }\nstart_seconds = 0\n${more}\n`;

const stateOf = async (name: string): Promise<string | undefined> =>
  (await home.status()).jobs.find((each) => each.name === name)?.state;

/** How often a job that appends a line to `runs` has run. */
const runs = (): number => readFileSync(home.path('runs'), 'utf8').split('\n').length - 1;

const RUNS = 'echo run >> "$HOME/runs"; ';

test('T-166 a dependent of a one-shot starts only after it has finished with success', async () => {
  const migrate = job('migrate', 'until test -e "$HOME/go"; do sleep 0.05; done', 'restart = "never"');
  home.write('jobs.toml', migrate);
  await home.apply();
  home.write('jobs.toml', migrate + job('web', 'exec sleep 1000', 'after = ["migrate"]'));
  const applying = home.apply();
  await home.until('web', ({ state }) => state === 'waiting');
  expect(await stateOf('migrate')).toBe('running');
  writeFileSync(home.path('go'), '');
  const report = await applying;
  expect(report.changes.map(({ job: name, state }) => `${name} ${state}`)).toEqual([
    'migrate finished',
    'web running',
  ]);
});

test('a dependent of a one-shot that failed waits, and the report and why name the one-shot', async () => {
  const migrate = job('migrate', 'exit 3', 'restart = "never"');
  home.write('jobs.toml', migrate + job('web', 'exec sleep 1000', 'after = ["migrate"]'));
  const { code, changes } = await home.apply();
  expect([code, ...changes.map(({ job: name, state }) => `${name} ${state}`)]).toEqual([
    1,
    'migrate failed',
    'web waiting',
  ]);
  expect((await home.overseer('why', 'web')).stdout).toMatch(/^Waiting for migrate: failed, exited with 3/m);
  expect((await home.overseer('why', 'migrate')).stdout).toContain('exited with 3');
});

test('a one-shot that failed stays so through triggers and die until somebody starts it', async () => {
  home.write('jobs.toml', job('once', `${RUNS}exit 3`, 'restart = "never"').replace('start_seconds = 0', ''));
  expect((await home.apply()).code).toBe(1);
  expect((await home.apply()).changes).toMatchObject([{ action: 'none', state: 'failed' }]);
  await home.overseer('die');
  await home.apply();
  expect([await stateOf('once'), runs()]).toEqual(['failed', 1]);
  const { code, stdout } = await home.overseer('start', 'once');
  expect([code, runs()]).toEqual([1, 2]);
  expect(stdout).toContain('exited with 3');
});

test('T-167 success_codes says which exit codes are a success', async () => {
  home.write('jobs.toml', job('once', 'exit 3', 'restart = "never"\nsuccess_codes = [0, 3]'));
  expect((await home.apply()).code).toBe(0);
  await home.until('once', ({ state }) => state === 'finished');
});

test('T-168 max_restarts counts every run that fails, however long it took', async () => {
  const slow = 'restart = "on-failure"\nmax_restarts = 2\nbackoff = { min = 0.01, max = 0.01 }';
  home.write('jobs.toml', job('once', `${RUNS}sleep 0.5; exit 1`, slow));
  await home.apply();
  await home.until('once', ({ state }) => state === 'failed');
  expect(runs()).toBe(2);
});

test('T-169 run_at_start runs a scheduled job when it becomes known and when the daemon starts', async () => {
  home.write('jobs.toml', job('sync', `${RUNS}exit 0`, 'schedule = "every 10h"\nrun_at_start = true'));
  await home.apply();
  await home.until('sync', ({ state, lastExit }) => state === 'waiting' && lastExit !== null);
  expect(runs()).toBe(1);
  await home.overseer('die');
  await home.apply();
  await home.until('sync', ({ state }) => state === 'waiting' && runs() === 2);
  await home.apply();
  expect(runs()).toBe(2);
});

test('after with is = "running" waits for a running one-shot and no longer', async () => {
  const helper = job('helper', 'exec sleep 1000', 'restart = "never"');
  home.write(
    'jobs.toml',
    helper + job('web', 'exec sleep 1000', 'after = [{ job = "helper", is = "running" }]'),
  );
  expect((await home.apply()).changes.map(({ state }) => state)).toEqual(['running', 'running']);
});

test('a job with ready runs from its first successful probe, and start_seconds does not delay it', async () => {
  const ready = 'start_seconds = 600\nready = { command = "true", interval = 0.05 }';
  home.write('jobs.toml', job('web', 'exec sleep 1000').replace('start_seconds = 0', ready));
  expect((await home.apply()).changes).toMatchObject([{ state: 'running' }]);
});

test('a start that is not ready within its limit fails with the limit in its reason', async () => {
  const ready =
    'ready = { command = "false", interval = 0.05, within = 0.3 }\nrestart = "never"\nstop_timeout = 1';
  home.write('jobs.toml', job('web', 'exec sleep 1000', ready));
  expect((await home.apply()).code).toBe(1);
  expect((await home.overseer('why', 'web')).stdout).toContain('was not ready within 0.3 s');
});

test('a one-shot or scheduled job started by hand is waited for, and its exit code decides', async () => {
  const slow = 'sleep 0.6; exit $(cat "$HOME/code")';
  home.write(
    'jobs.toml',
    job('once', slow, 'restart = "never"') + job('nightly', slow, 'schedule = "@daily"'),
  );
  writeFileSync(home.path('code'), '0');
  await home.apply();
  for (const name of ['once', 'nightly']) {
    writeFileSync(home.path('code'), '0');
    expect((await home.overseer('start', name)).code).toBe(0);
    writeFileSync(home.path('code'), '2');
    const { code, stdout } = await home.overseer('start', name);
    expect([code, stdout.includes('exited with 2')]).toEqual([1, true]);
  }
  expect((await home.overseer('start', 'once', '--no-wait')).code).toBe(0);
});

test('a restart that would leave a job waiting is refused before anything stops', async () => {
  home.write('jobs.toml', job('db', 'exec sleep 1000') + job('web', 'exec sleep 1000', 'after = ["db"]'));
  await home.apply();
  await home.overseer('stop', 'db');
  const before = (await home.status()).jobs.find(({ name }) => name === 'web')?.pid;
  const { code, stderr } = await home.overseer('restart', 'web');
  expect([code, stderr]).toEqual([1, expect.stringContaining('web would wait for db (stopped)')]);
  expect((await home.status()).jobs.find(({ name }) => name === 'web')?.pid).toBe(before);
  expect((await home.overseer('restart', 'db', 'web')).code).toBe(0);
});

test('the last result of a scheduled job stays visible in status until a run succeeds', async () => {
  home.write('jobs.toml', job('nightly', 'exit $(cat "$HOME/code")', 'schedule = "@daily"'));
  const shown = async (code: string): Promise<string> => {
    writeFileSync(home.path('code'), code);
    await home.overseer('start', 'nightly');
    return (await home.overseer('status')).stdout;
  };
  await home.apply();
  expect(await shown('2')).toContain('waiting (exit 2)');
  expect(await shown('0')).not.toContain('(exit');
});
