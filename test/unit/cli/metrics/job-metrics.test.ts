import { exposition } from '../../../../src/cli/metrics/exposition.ts';
import { metricsOf } from '../../../../src/cli/metrics/job-metrics.ts';
import type { JobStatus } from '../../../../src/wire/messages.ts';
import { job } from '../../../support/sample-replies.ts';

const DAEMON = { pid: 10, port: 1, version: '0.1.0', startedAt: '1970-01-01T00:01:00.000Z' };

/** Lines of a metric, without those of help. */
function lines(name: string, jobs: readonly JobStatus[]): readonly string[] {
  const text = exposition(
    metricsOf(
      { daemon: DAEMON, jobs },
      {
        logBytes: (instance) => (instance === 'web' ? 123 : null),
        usages: new Map([
          [10, { cpuPercent: 1.5, memoryBytes: 1_000 }],
          [42, { cpuPercent: 250, memoryBytes: 9_000 }],
        ] as never),
      },
    ),
  );
  return text
    .split('\n')
    .filter((line) => new RegExp(`^${name}[ {_]`).test(line))
    .map((line) => line.slice(name.length));
}

const at = (seconds: number): string => new Date(seconds * 1000).toISOString();

test('the daemon tells that it is up, its version, its start, and what it uses', () => {
  const of = (name: string): readonly string[] => lines(`overseer_${name}`, []);
  expect([of('up'), of('daemon_info'), of('daemon_start_time_seconds')]).toEqual([
    [' 1'],
    ['{version="0.1.0"} 1'],
    [' 60'],
  ]);
  expect([of('daemon_cpu_ratio'), of('daemon_memory_bytes')]).toEqual([[' 0.015'], [' 1000']]);
});

test('every metric has its kind and a sentence that says what it is', () => {
  const metrics = metricsOf({ daemon: DAEMON, jobs: [] }, { logBytes: () => null, usages: new Map() });
  expect(metrics.filter(({ help }) => !/^[A-Z1].{10,}\.$/.test(help)).map(({ name }) => name)).toEqual([]);
  const kinds = new Map<string, string[]>();
  for (const { name, type } of metrics) kinds.set(type, [...(kinds.get(type) ?? []), name]);
  expect([kinds.get('counter'), kinds.get('summary'), kinds.get('gauge')?.length]).toEqual([
    [
      'overseer_job_restarts_total',
      'overseer_job_starts_total',
      'overseer_job_exits_total',
      'overseer_job_tests_total',
      'overseer_job_alive_failures_total',
      'overseer_job_hook_runs_total',
      'overseer_job_hook_failures_total',
    ],
    ['overseer_job_start_duration_seconds'],
    18,
  ]);
});

test('the jobs are counted by their states, and each job has one state', () => {
  const jobs = [
    job({ name: 'web@1', job: 'web', state: 'running' }),
    job({ name: 'web@2', job: 'web', state: 'backoff' }),
    job({ name: 'db', job: 'db', state: 'running' }),
  ];
  const counted = lines('overseer_jobs', jobs);
  expect(counted.filter((line) => !line.endsWith(' 0'))).toEqual([
    '{state="running"} 2',
    '{state="backoff"} 1',
  ]);
  expect(counted.length).toBe(10);
  expect(lines('overseer_job_state', jobs).filter((line) => line.endsWith(' 1'))).toEqual([
    '{name="web@1",copy_of="web",state="running"} 1',
    '{name="web@2",copy_of="web",state="backoff"} 1',
    '{name="db",state="running"} 1',
  ]);
  expect(lines('overseer_job_up', jobs).map((line) => line.at(-1))).toEqual(['1', '0', '1']);
});

test('a job tells its restarts, its times and how its last run ended', () => {
  const of = (name: string, given: Partial<JobStatus>): readonly string[] =>
    lines(`overseer_job_${name}`, [job({ name: 'web', ...given })]).map((line) =>
      line.slice('{name="web"}'.length),
    );
  expect(of('restarts_total', { restarts: 3 })).toEqual([' 3']);
  expect([
    of('start_time_seconds', { pid: 42, startedAt: at(7) }),
    of('start_time_seconds', { pid: null, startedAt: at(7) }),
    of('start_time_seconds', { pid: 42 }),
  ]).toEqual([[' 7'], [], []]);
  const exit = (code: number | null, signal: string | null): readonly string[] =>
    of('last_exit_code', { lastExit: { code, signal, at: at(9) } });
  expect([
    exit(3, null),
    exit(null, 'SIGKILL'),
    exit(null, 'SIGTERM'),
    exit(null, null),
    exit(null, 'SIGRTMIN+1'),
  ]).toEqual([[' 3'], [' 137'], [' 143'], [], []]);
  expect([
    of('last_exit_time_seconds', { lastExit: { code: 0, signal: null, at: at(9) } }),
    of('last_exit_time_seconds', {}),
    of('next_start_time_seconds', { nextStartAt: at(11) }),
    of('next_start_time_seconds', {}),
  ]).toEqual([[' 9'], [], [' 11'], []]);
});

test('a job tells whether it runs with an earlier config', () => {
  const outdated = (given: Partial<JobStatus>): readonly string[] =>
    lines('overseer_job_config_outdated', [job(given)]);
  expect([outdated({ hasOldConfig: true }), outdated({})]).toEqual([['{name="web"} 1'], ['{name="web"} 0']]);
});

test('an exit code of 0 is shown as 0, and each copy has a log of its own', () => {
  const exited = job({ lastExit: { code: 0, signal: null, at: at(9) } });
  expect(lines('overseer_job_last_exit_code', [exited])).toEqual(['{name="web"} 0']);
  expect(lines('overseer_job_log_bytes', [job({ name: 'web@1', job: 'web' })])).toEqual([]);
});

test('a job tells its test while that has a verdict, and for what health it was stopped', () => {
  const passed = (verdict: 'pass' | 'fail' | 'unknown' | null): readonly string[] =>
    lines('overseer_job_test_passed', [
      job({ test: verdict === null ? null : { verdict, exitCode: null, at: at(0) } }),
    ]);
  expect([passed('pass'), passed('fail'), passed('unknown'), passed(null)]).toEqual([
    ['{name="web"} 1'],
    ['{name="web"} 0'],
    [],
    [],
  ]);
  expect(lines('overseer_job_last_exit_unhealthy', [job({ unhealthy: 'memory' })])).toEqual([
    '{name="web",cause="alive"} 0',
    '{name="web",cause="memory"} 1',
  ]);
});

test('what a job uses is told by its process tree, and its log by its size', () => {
  const jobs = [job({ pid: 42 }), job({ name: 'db', job: 'db', pid: 43 }), job({ name: 'x', job: 'x' })];
  expect([
    lines('overseer_job_cpu_ratio', jobs),
    lines('overseer_job_memory_bytes', jobs),
    lines('overseer_job_log_bytes', jobs),
  ]).toEqual([['{name="web"} 2.5'], ['{name="web"} 9000'], ['{name="web"} 123']]);
});

test('what the daemon has counted is told in full, and not at all by one that counts nothing', () => {
  const counts = {
    starts: 4,
    exits: { 'by-hand': 2, crash: 1 },
    tests: { fail: 5 },
    aliveFailures: 6,
    hooks: { failed: { runs: 7, failures: 2 } },
    started: 3,
    startingMs: 4_500,
  } as NonNullable<JobStatus['counts']>;
  const of = (name: string): readonly string[] => lines(`overseer_job_${name}`, [job({ counts })]);
  expect([of('starts_total'), of('alive_failures_total')]).toEqual([['{name="web"} 4'], ['{name="web"} 6']]);
  expect(of('exits_total').filter((line) => !line.endsWith(' 0'))).toEqual([
    '{name="web",cause="by-hand"} 2',
  ]);
  expect(of('tests_total')).toEqual([
    '{name="web",result="pass"} 0',
    '{name="web",result="fail"} 5',
    '{name="web",result="unknown"} 0',
  ]);
  expect([of('hook_runs_total'), of('hook_failures_total')]).toEqual([
    ['{name="web",state="failed"} 7'],
    ['{name="web",state="failed"} 2'],
  ]);
  expect(of('start_duration_seconds')).toEqual(['_sum{name="web"} 4.5', '_count{name="web"} 3']);
  expect(lines('overseer_job_starts_total', [job({})])).toEqual([]);
  const older = { ...counts, hooks: undefined } as unknown as typeof counts;
  expect(lines('overseer_job_hook_runs_total', [job({ counts: older })])).toEqual([]);
});
