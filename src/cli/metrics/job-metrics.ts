import { constants } from 'node:os';
import { JOB_STATES } from '../../plan/job-state.ts';
import type { DaemonStatus, JobStatus } from '../../wire/messages.ts';
import type { Usage } from '../usage/usage.ts';
import { countedOf } from './counted-metrics.ts';
import type { Metric, Sample } from './exposition.ts';
import { labelsOf } from './labels.ts';

/** Measurements that are printed beside the daemon's answer. */
export interface MeasuredOutside {
  readonly logBytes: (instance: string) => number | null;
  /** By the pid of the root of a process tree. */
  readonly usages: ReadonlyMap<number, Usage>;
}

/** Everything that `overseer metrics` tells: of the daemon, then of each job instance. */
export function metricsOf(
  { daemon, jobs }: { readonly daemon: DaemonStatus; readonly jobs: readonly JobStatus[] },
  { logBytes, usages }: MeasuredOutside,
): readonly Metric[] {
  const usageOf = (pid: number | null): Usage | undefined => (pid === null ? undefined : usages.get(pid));
  const ofDaemon = (value: number | undefined): readonly Sample[] =>
    value === undefined ? [] : [{ labels: {}, value }];
  return [
    gauge('overseer_up', 'Whether the daemon answers.', [{ labels: {}, value: 1 }]),
    gauge('overseer_daemon_info', 'The version of the daemon.', [
      { labels: { version: daemon.version }, value: 1 },
    ]),
    gauge('overseer_daemon_start_time_seconds', 'When the daemon began, in seconds since 1970.', [
      { labels: {}, value: seconds(daemon.startedAt) },
    ]),
    gauge(
      'overseer_daemon_cpu_ratio',
      'The processor time that the daemon uses now; 1 is one core.',
      ofDaemon(ratio(usages.get(daemon.pid))),
    ),
    gauge(
      'overseer_daemon_memory_bytes',
      'The resident memory of the daemon.',
      ofDaemon(usages.get(daemon.pid)?.memoryBytes),
    ),
    gauge('overseer_jobs', 'How many job instances there are in each state.', jobsByState(jobs)),
    ...PER_JOB.map(({ valueOf, ...metric }) => ({
      ...metric,
      samples: jobs.flatMap((job) => sampleOf(job, valueOf(job))),
    })),
    gauge(
      'overseer_job_state',
      '1 for the state in which the job is, 0 for every other.',
      jobs.flatMap((job) =>
        JOB_STATES.map((state) => ({
          labels: { ...labelsOf(job), state },
          value: Number(job.state === state),
        })),
      ),
    ),
    gauge(
      'overseer_job_last_exit_unhealthy',
      '1 for what the last run was stopped for, if that was its health: a failed check, or its memory.',
      jobs.flatMap((job) =>
        HEALTH_CAUSES.map((cause) => ({
          labels: { ...labelsOf(job), cause },
          value: Number(job.unhealthy === cause),
        })),
      ),
    ),
    ...countedOf(jobs),
    gauge(
      'overseer_job_cpu_ratio',
      'The processor time that the process tree of the job uses now; 1 is one core.',
      jobs.flatMap((job) => sampleOf(job, ratio(usageOf(job.pid)) ?? null)),
    ),
    gauge(
      'overseer_job_memory_bytes',
      'The resident memory of the process tree of the job.',
      jobs.flatMap((job) => sampleOf(job, usageOf(job.pid)?.memoryBytes ?? null)),
    ),
    gauge(
      'overseer_job_log_bytes',
      'The size of the log that the job writes to now.',
      jobs.flatMap((job) => sampleOf(job, logBytes(job.name))),
    ),
  ];
}

const ratio = (usage: Usage | undefined): number | undefined =>
  usage === undefined ? undefined : usage.cpuPercent / 100;

const HEALTH_CAUSES = ['alive', 'memory'] as const;

interface PerJob extends Omit<Metric, 'samples'> {
  /** Null where there is nothing to tell. */
  readonly valueOf: (job: JobStatus) => number | null;
}

const PER_JOB: readonly PerJob[] = [
  {
    name: 'overseer_job_up',
    type: 'gauge',
    help: 'Whether the job is running.',
    valueOf: ({ state }) => Number(state === 'running'),
  },
  {
    name: 'overseer_job_config_outdated',
    type: 'gauge',
    help: 'Whether the job runs with an earlier config, as a copy does that waits for its turn in a roll.',
    valueOf: ({ hasOldConfig }) => Number(hasOldConfig === true),
  },
  {
    name: 'overseer_job_restarts_total',
    type: 'counter',
    help: 'How often the job was restarted after it ended by itself.',
    valueOf: ({ restarts }) => restarts,
  },
  {
    name: 'overseer_job_start_time_seconds',
    type: 'gauge',
    help: 'When the child was started, in seconds since 1970.',
    valueOf: ({ pid, startedAt }) => (pid === null || startedAt === null ? null : seconds(startedAt)),
  },
  {
    name: 'overseer_job_last_exit_code',
    type: 'gauge',
    help: 'The exit code of the last run; 128 and the number of the signal where one ended it.',
    valueOf: ({ lastExit }) => (lastExit === null ? null : (lastExit.code ?? shellCode(lastExit.signal))),
  },
  {
    name: 'overseer_job_last_exit_time_seconds',
    type: 'gauge',
    help: 'When the last run ended, in seconds since 1970.',
    valueOf: ({ lastExit }) => (lastExit === null ? null : seconds(lastExit.at)),
  },
  {
    name: 'overseer_job_test_passed',
    type: 'gauge',
    help: 'Whether the test command says that the job should be running; absent while it is unknown.',
    valueOf: ({ test }) =>
      test === null || test.verdict === 'unknown' ? null : Number(test.verdict === 'pass'),
  },
  {
    name: 'overseer_job_next_start_time_seconds',
    type: 'gauge',
    help: 'When the job starts next, in seconds since 1970.',
    valueOf: ({ nextStartAt }) => (nextStartAt === null ? null : seconds(nextStartAt)),
  },
];

const gauge = (name: string, help: string, samples: readonly Sample[]): Metric => ({
  name,
  type: 'gauge',
  help,
  samples,
});

const sampleOf = (job: JobStatus, value: number | null): readonly Sample[] =>
  value === null ? [] : [{ labels: labelsOf(job), value }];

function jobsByState(jobs: readonly JobStatus[]): readonly Sample[] {
  return JOB_STATES.map((state) => ({
    labels: { state },
    value: jobs.filter((job) => job.state === state).length,
  }));
}

/** As a shell tells the end by a signal; null where nobody saw the end. */
function shellCode(signal: string | null): number | null {
  const number = signal === null ? undefined : constants.signals[signal as NodeJS.Signals];
  return number === undefined ? null : 128 + number;
}

const seconds = (at: string): number => Date.parse(at) / 1000;
