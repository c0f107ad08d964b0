import { byInstanceName } from '../../plan/names.ts';
import type { Job } from '../../config/config.ts';
import { differences } from '../../plan/differences.ts';
import type { Progress } from '../../wire/messages.ts';
import { SHUTTING_DOWN } from '../../wire/shutting-down.ts';
import { readAccepted } from './accept-config.ts';
import type { Outcome, RequestContext, RequestNamed } from './context.ts';
import { degraded, interrupted, unwritten } from './refusals.ts';
import { captureBefore, reportChange, reportOf, type InstanceBefore } from './report-change.ts';
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
  // No `await` where the reading is there at once: the changes of a trigger must have begun when `handle` returns.
  const reading = read instanceof Promise ? await read : read;
  if (isEnding()) return SHUTTING_DOWN;
  if (!reading.ok) {
    fleet.resume();
    return { ok: false, changes: [], problems: reading.problems };
  }
  const wanted = triggerOf(request, reading, context);
  if (!wanted.ok) return { refusal: wanted.refusal };
  if (!kept.settle()) return degraded();
  const before = new Map(fleet.all.map((instance) => [instance.name, captureBefore(instance)]));
  const { trigger } = wanted;
  const configured = new Map(trigger.asked.map(({ name, job }) => [name, job]));
  fleet.apply(trigger);
  if (trigger.source !== null) kept.keepSource(trigger.source);
  const names = [...new Set([...trigger.removed, ...configured.keys()])].toSorted(byInstanceName);
  const waitingOn = new Set(names.filter((name) => keepsWaiting(before.get(name), configured.get(name))));
  const isDone = await settle(context, { names, wait: request.wait, waitingOn }, onProgress);
  if (!isDone) return interrupted();
  // The report is made before the sync: changes that other clients request meanwhile do not belong in it.
  const answer = reportOf(
    names.map((name) => reportChange(fleet, name, before.get(name) ?? null, configured.get(name) ?? null)),
  );
  return (await kept.sync()) ? answer : unwritten();
}

/** Whether an instance waited for others before this trigger, and the trigger changes nothing of it. */
function keepsWaiting(before: InstanceBefore | undefined, job: Job | undefined): boolean {
  if (before === undefined || job === undefined) return false;
  const { childKeys, otherKeys } = differences(before.job, job);
  return childKeys.length + otherKeys.length === 0 && before.known.state === 'waiting';
}
