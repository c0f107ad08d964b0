import type { StateValueMap } from 'xstate';
import type { JobSnapshot } from '../../machines/job.ts';
import type { Kept } from '../host/chart-host.ts';
import { hasChild } from '../plan/job-state.ts';

/** States of the child region in version 1 of the journal that have a parent state since version 2. */
const AT_REST: ReadonlySet<string> = new Set(['Down', 'Backoff', 'Finished', 'Failed']);

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
    context,
  };
}

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
  if (typeof child === 'string') return AT_REST.has(child) ? { AtRest: child } : child;
  return isMap(child) && 'Starting' in child ? { Up: child } : child;
}
