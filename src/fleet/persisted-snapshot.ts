import type { StateValueMap } from 'xstate';
import type { JobContext, JobSnapshot, Policy } from '../../machines/job.ts';
import type { Job } from '../config/config.ts';
import type { Kept } from '../host/chart-host.ts';
import { hasChild } from '../plan/job-state.ts';

/** Where the states of a resting child in version 1 of the journal are since version 2. */
const AT_REST: Readonly<Record<string, StateValueMap[string]>> = {
  Down: 'Down',
  Backoff: 'Backoff',
  Finished: { Ended: 'Finished' },
  Failed: 'GivenUp',
};

/** Whether it has the regions of the job chart at all. */
export function isSnapshot(persisted: unknown): persisted is Kept {
  const { value } = Object(persisted) as { readonly value?: unknown };
  return typeof value === 'object' && value !== null;
}

/** A snapshot of the job chart in today's shape, whichever version of overseer persisted it. */
export function currentSnapshot({ value, context }: Kept): Kept {
  const { test, child, ...rest } = value as StateValueMap;
  return {
    value: { ...rest, test: currentTest(test), child: currentChild(child) } as StateValueMap,
    context: currentContext(context),
  };
}

/** What the context of a job's chart had in version 1 of the journal and has no more. */
interface VersionOne {
  readonly failedStarts?: number;
}

/** Fields that came later get the values that every job of an older overseer had; what is no context stays what it is. */
function currentContext(persisted: unknown): unknown {
  const { failedStarts, policy, ...context } = Object(persisted) as VersionOne & Partial<JobContext>;
  if (typeof policy !== 'object' || policy === null) return persisted;
  return {
    owesRun: false,
    failures: failedStarts,
    ...context,
    policy: { successCodes: [0], runAtStart: false, ...(policy as Partial<Policy>) },
  };
}

/** Keys that came later have the values that every job of an older overseer had. */
export function currentJob(job: Job): Job {
  const older: Pick<Job, 'successCodes' | 'afterIs' | 'runAtStart'> = {
    successCodes: [0],
    afterIs: {},
    runAtStart: false,
  };
  const ready = job.ready === null ? null : { ...READY_OF_OLDER, ...job.ready };
  return { ...older, ...job, ready };
}

const READY_OF_OLDER = { withinMs: 60_000 };

/** The same job without its child: wanted, tested and counted as before, but down. */
export function withoutChild({ value, context }: Kept): Kept {
  if (!hasChild(value as JobSnapshot['value'])) return { value, context };
  return {
    value: { ...(value as StateValueMap), child: { AtRest: 'Down' } },
    context: { ...(context as object), child: null },
  };
}

const isMap = (value: unknown): value is StateValueMap => typeof value === 'object' && value !== null;

function currentTest(test: StateValueMap[string]): StateValueMap[string] {
  if (test === 'Idle') return { Idle: 'Quiet' };
  return test === 'Resting' ? { Idle: 'Periodic' } : test;
}

function currentChild(child: StateValueMap[string]): StateValueMap[string] {
  if (child === 'Running') return { Up: 'Running' };
  if (typeof child === 'string') return Object.hasOwn(AT_REST, child) ? { AtRest: AT_REST[child] } : child;
  return isMap(child) && 'Starting' in child ? { Up: child } : child;
}
