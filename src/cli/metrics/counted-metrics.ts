import { CAUSES } from '../../plan/change.ts';
import type { JobCounts, JobStatus } from '../../wire/messages.ts';
import type { Metric, Sample } from './exposition.ts';
import { labelsOf } from './labels.ts';

const VERDICTS = ['pass', 'fail', 'unknown'] as const;

/** What the daemon has counted since it began; empty for an older daemon, which counts nothing. */
export function countedOf(jobs: readonly JobStatus[]): readonly Metric[] {
  return [
    counter(
      'overseer_job_starts_total',
      'Children that were started.',
      samples(jobs, ({ starts }) => [{ value: starts }]),
    ),
    counter(
      'overseer_job_exits_total',
      'Ends of runs, by what was behind them.',
      samples(jobs, ({ exits }) => CAUSES.map((cause) => ({ labels: { cause }, value: exits[cause] ?? 0 }))),
    ),
    counter(
      'overseer_job_tests_total',
      'Runs of the test command, by what they said.',
      samples(jobs, ({ tests }) =>
        VERDICTS.map((result) => ({ labels: { result }, value: tests[result] ?? 0 })),
      ),
    ),
    counter(
      'overseer_job_alive_failures_total',
      'Failed probes of the key alive.',
      samples(jobs, ({ aliveFailures }) => [{ value: aliveFailures }]),
    ),
    counter(
      'overseer_job_hook_runs_total',
      'Runs of the hook for a state, from the key on.',
      samples(
        jobs,
        hookSamples(({ runs }) => runs),
      ),
    ),
    counter(
      'overseer_job_hook_failures_total',
      'Runs of the hook for a state that failed or were killed for their time.',
      samples(
        jobs,
        hookSamples(({ failures }) => failures),
      ),
    ),
    {
      name: 'overseer_job_start_duration_seconds',
      type: 'summary',
      help: 'How long it took from the start of a child until it counted as running.',
      samples: samples(jobs, ({ started, startingMs }) => [
        { part: 'sum', value: startingMs / 1000 },
        { part: 'count', value: started },
      ]),
    },
  ];
}

const counter = (name: string, help: string, of: readonly Sample[]): Metric => ({
  name,
  type: 'counter',
  help,
  samples: of,
});

type HookTally = NonNullable<JobCounts['hooks']>[string];

const hookSamples =
  (valueOf: (tally: HookTally) => number) =>
  ({ hooks = {} }: JobCounts): readonly Counted[] =>
    Object.entries(hooks).map(([state, tally]) => ({ labels: { state }, value: valueOf(tally) }));

type Counted = Pick<Sample, 'value' | 'part'> & { readonly labels?: Sample['labels'] };

function samples(
  jobs: readonly JobStatus[],
  of: (counts: JobCounts) => readonly Counted[],
): readonly Sample[] {
  return jobs.flatMap((job) =>
    (job.counts === undefined ? [] : of(job.counts)).map((each) => ({
      ...each,
      labels: { ...labelsOf(job), ...each.labels },
    })),
  );
}
