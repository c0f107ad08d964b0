import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import parse from 'parse-prometheus-text-format';
import { Home, awaited, kill } from './support/home.ts';
import { logHolds } from './support/log-holds.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

/** The values of one metric by their labels. */
function valuesOf(text: string, name: string): Readonly<Record<string, number>> {
  const found = parse(text).find((metric) => metric.name === name)?.metrics ?? [];
  return Object.fromEntries(
    found.map(({ labels = {}, value }) => [Object.values(labels).join(' '), Number(value)]),
  );
}

test('T-405 metrics tells each job, its state, its restarts and its last exit as Prometheus reads them', async () => {
  home.write(
    'a.toml',
    [
      '[[jobs]]\nname = "web"\njob_command = "sleep 1000"\ninstances = 2\nstart_seconds = 0\n',
      '[[jobs]]\nname = "once"\njob_command = { exe = "sh", args = ["-c", "echo hello; exit 3"] }\nrestart = "never"\n',
    ].join('\n'),
  );
  await home.apply();
  await logHolds(home, 'once', 'hello\n');
  const { code, stdout } = await home.overseer('metrics');
  expect(code).toBe(0);
  expect(valuesOf(stdout, 'overseer_up')).toEqual({ '': 1 });
  expect(valuesOf(stdout, 'overseer_job_up')).toEqual({ once: 0, 'web@1 web': 1, 'web@2 web': 1 });
  expect(valuesOf(stdout, 'overseer_jobs')).toMatchObject({ running: 2, failed: 1, held: 0 });
  expect(valuesOf(stdout, 'overseer_job_last_exit_code')).toEqual({ once: 3 });
  expect(valuesOf(stdout, 'overseer_job_log_bytes')).toMatchObject({ once: 'hello\n'.length });
  expect(valuesOf(stdout, 'overseer_job_state')).toMatchObject({ 'once failed': 1, 'once running': 0 });
});

test('T-961 metrics counts starts, ends by cause, tests, failed probes, and times the starts', async () => {
  const tested = join(home.dir, 'tested');
  home.write(
    'a.toml',
    [
      '[[jobs]]\nname = "web"\njob_command = "sleep 1000"\nready = { command = "true" }\n' +
        `test_command = { exe = "sh", args = ["-c", "echo tested >> ${tested}"] }\n`,
      '[[jobs]]\nname = "ill"\njob_command = "sleep 1000"\nstart_seconds = 0\n' +
        'alive = { command = "false", interval = 0.1, failures = 2 }\nbackoff = { min = 60, max = 60, factor = 1 }\n',
    ].join('\n'),
  );
  await home.apply();
  await home.overseer('restart', 'web');
  const { pid } = await home.until('web', ({ state }) => state === 'running');
  kill(pid ?? 0, 'SIGKILL');
  await home.until('web', ({ state, restarts }) => state === 'running' && restarts === 1);
  await home.until('ill', ({ state }) => state === 'backoff');
  const { stdout } = await home.overseer('metrics');
  const exits = valuesOf(stdout, 'overseer_job_exits_total');
  expect(exits).toMatchObject({ 'web by-hand': 1, 'web exit': 1, 'web config': 0 });
  expect(exits['ill alive']).toBeGreaterThan(0);
  expect(valuesOf(stdout, 'overseer_job_starts_total')).toMatchObject({ web: 3 });
  const tests = readFileSync(tested, 'utf8').split('\n').length - 1;
  expect(valuesOf(stdout, 'overseer_job_tests_total')).toMatchObject({ 'web pass': tests, 'web fail': 0 });
  expect(valuesOf(stdout, 'overseer_job_alive_failures_total')['ill']).toBeGreaterThan(1);
  expect(stdout).toContain('overseer_job_start_duration_seconds_count{name="web"} 3\n');
  const duration = parse(stdout).find(({ name }) => name === 'overseer_job_start_duration_seconds');
  expect(duration?.type).toBe('SUMMARY');
  for (const name of ['overseer_job_memory_bytes', 'overseer_job_cpu_ratio'])
    expect(Object.keys(valuesOf(stdout, name))).toContain('web');
  expect(valuesOf(stdout, 'overseer_daemon_memory_bytes')['']).toBeGreaterThan(1e6);
});

test('T-1750 metrics counts hooks, and tells which copies wait for their turn in a roll', async () => {
  const config = (ready: string, program: string): string =>
    `[[jobs]]\nname = "web"\njob_command = { exe = "sh", args = ["-c", "${program}"] }\n` +
    `instances = 2\nrolling = true\nready = { command = "${ready}", interval = 0.05 }\n` +
    'on = { running = "true", stopping = "false", stopped = "true" }\n';
  home.write('a.toml', config('true', 'exec sleep 1000'));
  await home.apply();
  const outdated = async (): Promise<object> =>
    valuesOf((await home.overseer('metrics')).stdout, 'overseer_job_config_outdated');
  expect(await outdated()).toEqual({ 'web@1 web': 0, 'web@2 web': 0 });
  home.write('a.toml', config('false', 'exec sleep 2000'));
  await home.overseer('--no-wait');
  await home.until('web@1', ({ state }) => state === 'starting');
  expect(await outdated()).toEqual({ 'web@1 web': 0, 'web@2 web': 1 });
  const failed = await awaited(async () => {
    const { stdout } = await home.overseer('metrics');
    const failures = valuesOf(stdout, 'overseer_job_hook_failures_total');
    return failures['web@1 web stopping'] === 1 ? { stdout, failures } : null;
  }, 'the hook for stopping has failed');
  expect(failed.failures).toMatchObject({ 'web@1 web running': 0, 'web@2 web stopping': 0 });
  expect(valuesOf(failed.stdout, 'overseer_job_hook_runs_total')).toMatchObject({
    'web@1 web running': 1,
    'web@1 web stopping': 1,
    'web@2 web running': 1,
    'web@2 web stopped': 0,
  });
});

test('metrics without a daemon exits with 3, prints nothing and starts none', async () => {
  expect(await home.overseer('metrics')).toMatchObject({ code: 3, stdout: '' });
});
