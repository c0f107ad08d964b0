import type { StateValueMap } from 'xstate';
import { jobMachine, type JobContext, type JobInput } from '../../../machines/job.ts';
import type { Kept } from '../../host/chart-host.ts';
import { firstStep, nextStep } from '../../host/chart-step.ts';
import { messageOf } from '../../host/net.ts';

/** A snapshot that the chart can be restored from. `trouble` says why it is not the persisted one. */
export interface Restorable {
  readonly snapshot: Kept;
  readonly trouble: string | null;
}

/**
 * Completes a persisted snapshot with fields that only this version knows. If the chart cannot use the
 * snapshot, the job starts at rest: one bad record must not prevent the daemon from starting.
 */
export function restorable(kept: Kept, input: JobInput): Restorable {
  const fresh: JobContext = firstStep(jobMachine, input).after.context;
  try {
    if (!isRecord(kept.value)) throw new TypeError('its value is no object');
    const context = completed(kept.context, fresh);
    const snapshot = { value: kept.value, context };
    const resolved = jobMachine.resolveState(snapshot as never);
    // A trial: guards and assignments meet the snapshot here, where their exceptions can still be told from
    // bugs.
    nextStep(jobMachine, resolved, { type: 'Restored' });
    return { snapshot, trouble: null };
  } catch (error) {
    return { snapshot: { value: atRest(kept), context: fresh }, trouble: messageOf(error) };
  }
}

/** Throws when a value has another type than in a fresh context. */
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

/** Must be null or contain a valid time. */
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
