import type { StateValueMap } from 'xstate';
import { jobMachine, type JobContext, type JobInput } from '../../machines/job.ts';
import type { Kept } from '../host/chart-host.ts';
import { firstStep, nextStep } from '../host/chart-step.ts';
import { messageOf } from '../host/net.ts';

/** What a chart can be restored from. `trouble` says why that is not what was kept. */
export interface Restorable {
  readonly snapshot: Kept;
  readonly trouble: string | null;
}

/**
 * What was kept, completed by what only this version of the chart knows. A snapshot that is none, or of which the chart can
 * make nothing, gives a job at rest instead: it must not keep a daemon, or each next one, from starting.
 */
export function restorable(kept: Kept, input: JobInput): Restorable {
  const fresh: JobContext = firstStep(jobMachine, input).after.context;
  try {
    if (!isRecord(kept.value)) throw new TypeError('its value is no object');
    const context = completed(kept.context, fresh);
    const snapshot = { value: kept.value, context };
    const resolved = jobMachine.resolveState(snapshot as never);
    // A trial: guards and assignments meet the snapshot here, where their exceptions can still be told from bugs.
    nextStep(jobMachine, resolved, { type: 'Restored' });
    return { snapshot, trouble: null };
  } catch (error) {
    return { snapshot: { value: atRest(kept), context: fresh }, trouble: messageOf(error) };
  }
}

/** Throws where a value is of another type than in a fresh context. */
function completed(kept: unknown, fresh: JobContext): object {
  const context = sameTypes('context', kept, fresh);
  const policy = sameTypes('policy', context['policy'], fresh.policy);
  for (const key of ['child', 'lastExit', 'verdict'] as const) checkMoment(key, context[key]);
  return { ...context, policy };
}

function sameTypes(what: string, kept: unknown, fresh: object): Record<string, unknown> {
  if (!isRecord(kept)) throw new TypeError(`its ${what} is no object`);
  for (const [key, sample] of Object.entries(fresh)) {
    const value = kept[key];
    if (value === undefined || sample === null || value === null) continue;
    if (typeof value !== typeof sample) throw new TypeError(`its ${key} is of type ${typeof value}`);
  }
  return { ...fresh, ...kept };
}

/** Each of them is null or has its moment. */
function checkMoment(key: string, value: unknown): void {
  if (value === null || value === undefined) return;
  if (!isRecord(value) || Number.isNaN(Date.parse(String(value['at']))))
    throw new TypeError(`its ${key} has no moment`);
}

/** A stop by hand is respected even so. */
function atRest({ value }: Kept): StateValueMap {
  const want = isRecord(value) ? value['want'] : undefined;
  const isStopped = isRecord(want) && want['No'] === 'ByHand';
  return {
    want: isStopped ? { No: 'ByHand' } : 'Unknown',
    test: { Idle: 'Quiet' },
    child: { AtRest: 'Down' },
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
