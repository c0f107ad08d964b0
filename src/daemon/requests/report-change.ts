import { needsAnotherRun } from '../../../machines/job.ts';
import type { Job } from '../../config/config.ts';
import type { ConfigDiff, KnownInstance, TestOutcome } from '../../plan/decide.ts';
import { decide, NO_DIFF } from '../../plan/decide.ts';
import { differences } from '../../plan/differences.ts';
import { policyOf } from '../../plan/policy.ts';
import { reasonFacts } from '../../plan/reason-facts.ts';
import type { ChangeFact, ReportedChange } from '../../plan/change.ts';
import { fingerprint } from '../../fleet/fingerprint.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { JobInstance } from '../../fleet/job-instance.ts';
import { shownPid } from '../../fleet/shown-pid.ts';

/** An instance as it was before a request, so that the report can say what became of it. */
export interface Before {
  readonly name: string;
  readonly job: Job;
  readonly known: KnownInstance;
  readonly run: number;
  readonly wasOutdated: boolean;
  readonly context: JobInstance['snapshot']['context'];
}

/** Takes note of one instance as it is now. */
export function captureBefore(instance: JobInstance): Before {
  const { name, job, state, isUp, isStoppedByHand, hasEnded, snapshot } = instance;
  const { context } = snapshot;
  const wasOutdated = isUp && context.runSpec !== fingerprint(job);
  return {
    name,
    job,
    known: { state, isUp, isStoppedByHand, hasEnded },
    run: context.run,
    wasOutdated,
    context,
  };
}

/** What of a job's config differs from what is known of it; null where the config no longer names it. */
export function configDiffOf(before: Before, job: Job | null): ConfigDiff | null {
  if (job === null) return null;
  const { childKeys, otherKeys } = differences(before.job, job);
  const asked = { spec: fingerprint(job), policy: policyOf(job) };
  // An earlier change that its test has not let through yet is still to be made.
  const pending = before.wasOutdated && childKeys.length === 0 ? ['config'] : childKeys;
  return { childKeys: pending, otherKeys, needsAnotherRun: needsAnotherRun(before.context, asked) };
}

/** What the newest test of an instance says. */
function testSays(instance: JobInstance): TestOutcome {
  if (instance.job.test === null) return 'no-test';
  return instance.snapshot.context.verdict?.verdict ?? 'unknown';
}

/** What a trigger did to one instance, now that it is over. `job` is null where the config no longer names it. */
export function account(fleet: Fleet, name: string, before: Before | null, job: Job | null): ReportedChange {
  const instance = fleet.get(name);
  const asked = before === null || job === null ? null : configDiffOf(before, job);
  if (instance === undefined || job === null) {
    return {
      job: name,
      action: 'remove',
      reason: 'removed',
      facts: [],
      state: instance?.state ?? 'stopped',
      pid: shownPid(instance?.snapshot.context.child),
    };
  }
  const forecast = decide(before?.known ?? null, before === null ? NO_DIFF : asked, testSays(instance));
  const started = instance.snapshot.context.run > (before?.run ?? 0);
  const isSurprise = started && (forecast.action === 'none' || forecast.action === 'update');
  const decision = isSurprise ? { action: 'start' as const, reason: 'not-running' as const } : forecast;
  const file = fileBehind(fleet, instance);
  const why: readonly ChangeFact[] =
    isSurprise && file !== null
      ? [{ kind: 'fileChanged', file }]
      : reasonFacts(decision.reason, asked, instance.snapshot.context.verdict?.detail ?? null);
  return {
    job: name,
    ...decision,
    facts: [...why, ...troubleOf(instance)],
    state: instance.state,
    pid: shownPid(instance.snapshot.context.child),
  };
}

/** The file that the newest run was started for. */
function fileBehind(fleet: Fleet, { name, snapshot }: JobInstance): string | null {
  const last = fleet.watchOf(name)?.last ?? null;
  return last?.run === snapshot.context.run ? last.file : null;
}

/** What keeps an instance from being up, if it should be. */
export function troubleOf(instance: JobInstance): readonly ChangeFact[] {
  const { backoffMs } = instance.snapshot.context;
  const end = endOf(instance);
  switch (instance.state) {
    case 'failed':
      return end.length === 0 ? [{ kind: 'failed' }] : end;
    case 'backoff':
      return [...end, { kind: 'nextStart', inMs: backoffMs }];
    case 'waiting':
      return instance.nextStartAt === null
        ? [{ kind: 'waitsForJobs' }]
        : [{ kind: 'waitsForTime', at: instance.nextStartAt }];
    case 'finished':
      return end;
    case 'testing':
    case 'held':
    case 'starting':
    case 'running':
    case 'stopping':
    case 'stopped':
      return [];
    default:
      return instance.state satisfies never;
  }
}

/** How its newest run came to its end, or why there was none; empty where there is nothing to say. */
function endOf(instance: JobInstance): readonly ChangeFact[] {
  const { startError, lastExit } = instance.snapshot.context;
  if (startError !== null) return [{ kind: 'notStarted', why: startError }];
  return lastExit === null ? [] : [{ kind: 'ended', code: lastExit.code, signal: lastExit.signal }];
}

/** What became of a run that was asked for by hand; that of a scheduled job may be over by now. */
export function outcomeOf(instance: JobInstance): readonly ChangeFact[] {
  return [...(instance.state === 'waiting' ? endOf(instance) : []), ...troubleOf(instance)];
}
