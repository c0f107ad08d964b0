import type { StateValueMap } from 'xstate';
import type { JobContext, JobSnapshot, Policy } from '../../../machines/job.ts';
import type { Job } from '../../config/config.ts';
import type { Kept } from '../../host/chart-host.ts';
import { hasChild } from '../../plan/job-state.ts';

/** The states of a resting child in version 1 of the journal, and their names since version 2. */
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

/** Converts a snapshot of any version to today's job chart. */
export function currentSnapshot({ value, context }: Kept): Kept {
  const { test, child, ...rest } = value as StateValueMap;
  return {
    value: { ...rest, test: currentTest(test), child: currentChild(child) } as StateValueMap,
    context: currentContext(context),
  };
}

/**
 * Fields of a job's context that older versions of the journal had under other names, and what they are
 * called now.
 */
const RENAMED_CONTEXT = {
  failedStarts: 'failures',
  othersUp: 'dependenciesUp',
  isProven: 'hasRunThisSpec',
  trouble: 'startError',
} as const satisfies Readonly<Record<string, keyof JobContext>>;

const RENAMED_POLICY = { hasOthers: 'hasDependencies' } as const satisfies Readonly<
  Record<string, keyof Policy>
>;

/**
 * Fields that came later get the values that every job of an older overseer had. Anything that is no context
 * is returned unchanged.
 */
function currentContext(persisted: unknown): unknown {
  const { policy, ...context } = Object(persisted) as Partial<JobContext>;
  if (typeof policy !== 'object' || policy === null) return persisted;
  // Before there were memory limits it was what the check had said.
  const { unhealthy } = context as { readonly unhealthy?: unknown };
  return {
    owesRun: false,
    awaitsTurn: false,
    ...renamed(context, RENAMED_CONTEXT),
    ...(typeof unhealthy === 'string' && { unhealthy: { by: 'alive', detail: unhealthy } }),
    policy: { successCodes: [0], runAtStart: false, isEnabled: true, ...renamed(policy, RENAMED_POLICY) },
  };
}

/** The same fields in the same order under their present names. */
function renamed(fields: object, names: Readonly<Record<string, string>>): object {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [names[key] ?? key, value]));
}

/** Keys that came later have the values that every job of an older overseer had. */
export function currentJob(job: Job): Job {
  const older: Pick<
    Job,
    | 'successCodes'
    | 'afterIs'
    | 'runAtStart'
    | 'tags'
    | 'enabled'
    | 'limits'
    | 'nice'
    | 'alive'
    | 'maxMemoryBytes'
    | 'stdin'
    | 'on'
    | 'rolling'
  > = {
    successCodes: [0],
    afterIs: {},
    runAtStart: false,
    tags: [],
    enabled: true,
    limits: {},
    nice: null,
    alive: null,
    maxMemoryBytes: null,
    stdin: false,
    on: {},
    rolling: false,
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
  if (!isMap(child)) return child;
  if ('Starting' in child) return { Up: child };
  return child['Waiting'] === 'ForOthers' ? { Waiting: 'ForDependencies' } : child;
}
