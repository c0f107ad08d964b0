import type { JobContext } from '../../machines/job.ts';
import type { Job } from '../../src/config/config.ts';
import type { JobInstance } from '../../src/fleet/job-instance.ts';
import { policyOf } from '../../src/plan/policy.ts';
import type { JobState } from '../../src/plan/job-state.ts';
import { LEAST_JOB } from './least-job.ts';

type Seen = Partial<Record<Exclude<keyof JobInstance, 'job' | 'snapshot'>, unknown>> & {
  readonly job?: Partial<Job>;
  readonly context?: Partial<JobContext>;
};

/** A job as others see it: a name, a state, and of the rest what a test says. */
export function seenJob(
  name: string,
  state: JobState,
  { job = {}, context = {}, ...seen }: Seen = {},
): JobInstance {
  const whole: Job = { ...LEAST_JOB, name, ...job };
  const instance = {
    name,
    state,
    job: whole,
    isUp: ['starting', 'running', 'stopping'].includes(state),
    isTesting: state === 'testing',
    isEnding: state === 'stopping',
    isHeldByConfig: false,
    isUnwanted: false,
    isMeantToEnd: false,
    neverFinishes: true,
    nextStartAt: null,
    killedRun: null,
    countsAs: 'running',
    ...seen,
    snapshot: {
      context: {
        policy: policyOf(whole),
        run: 1,
        child: null,
        verdict: null,
        lastExit: null,
        startError: null,
        unhealthy: null,
        backoffMs: 0,
        ...context,
      },
    },
  };
  return instance as unknown as JobInstance;
}
