import { byInstanceName } from '../../../plan/names.ts';
import type { Job } from '../../../config/config.ts';
import { differences } from '../../../plan/differences.ts';
import type { Progress } from '../../../wire/messages.ts';
import { SHUTTING_DOWN } from '../../../wire/shutting-down.ts';
import { readAccepted } from './accept-config.ts';
import type { Outcome, RequestContext, RequestNamed } from '../context.ts';
import { degraded, interrupted, unwritten } from '../refusals.ts';
import { asFallen, captureBefore, reportChange, reportOf, type InstanceBefore } from './report-change.ts';
import { settle } from './settle.ts';
import { triggerOf } from './trigger.ts';

/** The trigger: reads the config, begins every change, and reports them when the jobs have settled. */
export async function apply(
  context: RequestContext,
  request: RequestNamed<'apply'>,
  onProgress: (progress: Progress) => void,
): Promise<Outcome> {
  const { fleet, kept, isEnding } = context;
  const read = readAccepted(context, request);
  // No `await` where the reading is there at once: the changes of a trigger must have begun when `handle`
  // returns.
  const reading = read instanceof Promise ? await read : read;
  if (isEnding()) return SHUTTING_DOWN;
  if (!reading.ok) {
    fleet.resume();
    return { ok: false, changes: [], problems: reading.problems };
  }
  const wanted = triggerOf(request, reading, context);
  if (!wanted.ok) return { refusal: wanted.refusal };
  if (!kept.settle()) return degraded();
  const login = context.loginTrouble();
  const before = new Map(fleet.all.map((instance) => [instance.name, captureBefore(instance)]));
  const { trigger } = wanted;
  const isQueued = new Set(fleet.all.filter((each) => fleet.isQueuedToStop(each)).map(({ name }) => name));
  const configured = new Map(trigger.asked.map(({ name, job }) => [name, job]));
  fleet.apply(trigger);
  if (trigger.source !== null) kept.keepSource(trigger.source);
  const names = [...new Set([...trigger.removed, ...configured.keys()])].toSorted(byInstanceName);
  const unrequested = new Set(
    names.filter((name) => isLeftAlone(before.get(name), configured.get(name), isQueued.has(name))),
  );
  const leaving = new Set(trigger.removed);
  const waiting = { names, wait: request.wait, unrequested, leaving };
  const { isDone, fallen } = await settle(context, waiting, onProgress);
  if (!isDone) return interrupted();
  // The report is made before the sync: changes that other clients request meanwhile do not belong in it.
  const answer = reportOf(
    names.map((name) => {
      const change = reportChange(fleet, name, before.get(name) ?? null, configured.get(name) ?? null);
      return fallen.has(name) ? asFallen(fleet, change) : change;
    }),
  );
  if (!(await kept.sync())) return unwritten();
  const trouble = login === null ? null : await login;
  return trouble ? { ...answer, login: trouble } : answer;
}

/**
 * Whether the instance already waited for other jobs, or was being stopped for another client, before this
 * trigger, and the trigger does not change that. Nobody else waits for a stop that an earlier daemon began.
 */
function isLeftAlone(
  before: InstanceBefore | undefined,
  job: Job | undefined,
  isQueuedToStop: boolean,
): boolean {
  if (before === undefined || job === undefined) return false;
  const { state, isStoppedByHand } = before.known;
  const isBeingStopped = state === 'stopping' && !before.isStopTakenOver;
  if (isStoppedByHand) return true;
  const { childKeys, otherKeys } = differences(before.job, job);
  const isUnchanged = childKeys.length + otherKeys.length === 0;
  return isUnchanged && (state === 'waiting' || isBeingStopped || isQueuedToStop);
}
