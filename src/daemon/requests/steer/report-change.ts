import { needsAnotherRun } from '../../../../machines/job.ts';
import type { Job } from '../../../config/config.ts';
import type { ConfigDiff, KnownInstance, TestOutcome } from '../../../plan/decide.ts';
import { decide, NO_DIFF } from '../../../plan/decide.ts';
import { differences } from '../../../plan/differences.ts';
import { policyOf } from '../../../plan/policy.ts';
import { healthFacts, reasonFacts } from '../../../plan/reason-facts.ts';
import { lastRunFailed } from '../../../plan/job-state.ts';
import type { ChangeFact, ReportedChange } from '../../../plan/change.ts';
import { fingerprint } from '../../../fleet/fingerprint.ts';
import type { Fleet } from '../../../fleet/fleet.ts';
import type { Report } from '../../../wire/messages.ts';
import type { JobInstance } from '../../../fleet/job-instance.ts';
import { shownPid } from '../../../fleet/shown-pid.ts';

/** The facts of an instance before a request, with which the report compares. */
export interface InstanceBefore {
  readonly name: string;
  readonly job: Job;
  readonly known: KnownInstance;
  readonly run: number;
  readonly wasOutdated: boolean;
  readonly context: JobInstance['snapshot']['context'];
  /** Remembers the run, also after the instance was removed. */
  readonly instance: JobInstance;
  readonly wasKilled: boolean;
  readonly isStopTakenOver: boolean;
}

export function captureBefore(instance: JobInstance): InstanceBefore {
  const { name, job, state, isUp, isStoppedByHand, isStartedByHand, hasEnded, snapshot } = instance;
  const { context } = snapshot;
  const wasOutdated = isUp && context.runSpec !== fingerprint(job);
  return {
    name,
    job,
    known: { state, isUp, isStoppedByHand, isStartedByHand, hasEnded },
    run: context.run,
    wasOutdated,
    context,
    instance,
    wasKilled: instance.killedRun === context.run,
    isStopTakenOver: instance.isStopTakenOver,
  };
}

/** How a job's new config differs from the known one; null where the config no longer names the job. */
export function configDiffOf(before: InstanceBefore, job: Job | null): ConfigDiff | null {
  if (job === null) return null;
  const { childKeys, otherKeys } = differences(before.job, job);
  const input = { spec: fingerprint(job), policy: policyOf(job) };
  const needsRun = needsAnotherRun(before.context, input);
  // A change is taken back that the child has not come to see.
  if (before.wasOutdated && before.known.state !== 'stopping' && before.context.runSpec === input.spec)
    return { childKeys: [], otherKeys: [...childKeys, ...otherKeys], needsAnotherRun: needsRun };
  // An earlier change that waits for the test to pass still has to be made.
  const pending = before.wasOutdated && childKeys.length === 0 ? ['config'] : childKeys;
  return { childKeys: pending, otherKeys, needsAnotherRun: needsRun };
}

function testOutcomeOf(instance: JobInstance): TestOutcome {
  if (instance.isHeldByConfig) return 'disabled';
  if (instance.job.test === null) return 'no-test';
  return instance.snapshot.context.verdict?.verdict ?? 'unknown';
}

/**
 * What a finished trigger did to one instance. `job` is null where the config no longer names the instance.
 */
export function reportChange(
  fleet: Fleet,
  name: string,
  before: InstanceBefore | null,
  job: Job | null,
): ReportedChange {
  const instance = fleet.get(name);
  const diff = before === null || job === null ? null : configDiffOf(before, job);
  if (instance === undefined || job === null) {
    return {
      job: name,
      action: 'remove',
      reason: 'removed',
      facts: killedMeanwhile(before),
      state: instance?.state ?? 'stopped',
      pid: shownPid(instance?.snapshot.context.child),
    };
  }
  const forecast = decide(before?.known ?? null, before === null ? NO_DIFF : diff, testOutcomeOf(instance));
  const { run, verdict, unhealthy } = instance.snapshot.context;
  const started = run > (before?.run ?? 0);
  const isSurprise = started && (forecast.action === 'none' || forecast.action === 'update');
  const decision = isSurprise ? { action: 'start' as const, reason: 'not-running' as const } : forecast;
  const leftOut = leftOutOfRoll(fleet, instance);
  if (leftOut !== null && !started)
    return {
      job: name,
      action: 'none',
      reason: forecast.reason,
      facts: [...reasonFacts(forecast.reason, { asked: diff, test: null, unhealthy: null }), leftOut],
      state: instance.state,
      pid: shownPid(instance.snapshot.context.child),
    };
  const file = fileBehind(fleet, instance);
  const why: readonly ChangeFact[] =
    isSurprise && file !== null
      ? [{ kind: 'fileChanged', file }]
      : reasonFacts(decision.reason, {
          asked: diff,
          test: verdict?.detail ?? null,
          // For a job that is not up, `reasonsNotUp` below says how its last run ended.
          unhealthy: instance.state === 'running' ? unhealthy : null,
        });
  return {
    job: name,
    ...decision,
    facts: [
      ...why,
      ...killedMeanwhile(before),
      ...(instance.isHeldByConfig ? [DISABLED] : []),
      ...reasonsNotUp(fleet, instance),
    ],
    state: instance.state,
    pid: shownPid(instance.snapshot.context.child),
  };
}

/** What keeps a roll from replacing a copy: its turn has not come, or another one did not come up. */
export function leftOutOfRoll(fleet: Fleet, instance: JobInstance): ChangeFact | null {
  if (fleet.waitsInRoll(instance)) return { kind: 'waitsForTurn' };
  const culprit = fleet.rollStoppedBy(instance);
  return culprit && { kind: 'rollStopped', by: culprit.name, state: culprit.state };
}

const DISABLED: ChangeFact = { kind: 'disabled' };

/** The watched file whose change caused the newest run; null where another cause did. */
function fileBehind(fleet: Fleet, { name, snapshot }: JobInstance): string | null {
  const last = fleet.watchOf(name)?.last ?? null;
  return last?.run === snapshot.context.run ? last.file : null;
}

/** Why an instance that should be up is not; empty for an instance that is up or rightly down. */
export function reasonsNotUp(fleet: Fleet, instance: JobInstance): readonly ChangeFact[] {
  const { backoffMs } = instance.snapshot.context;
  const end = endOf(instance);
  switch (instance.state) {
    case 'failed':
      return end.length === 0 ? [{ kind: 'failed' }] : end;
    case 'backoff':
      return [...end, { kind: 'nextStart', inMs: backoffMs }];
    case 'waiting':
      return instance.nextStartAt === null
        ? [{ kind: 'waitsForJobs', jobs: fleet.unmet(instance).map(({ other }) => nameAndState(other)) }]
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

const nameAndState = ({ name, state }: JobInstance): Pick<JobInstance, 'name' | 'state'> => ({ name, state });

/** Whether a stop since then needed SIGKILL. */
export function killedMeanwhile(before: InstanceBefore | null): readonly ChangeFact[] {
  if (before === null || before.wasKilled || before.instance.killedRun !== before.run) return [];
  return [{ kind: 'killed', afterMs: before.job.stopTimeoutMs }];
}

/**
 * A job that crashed during the request and has not come up since is down, also while it is started once
 * more.
 */
export function asFallen(fleet: Fleet, change: ReportedChange): ReportedChange {
  const instance = fleet.get(change.job);
  if (instance === undefined || !['starting', 'stopping', 'testing'].includes(change.state)) return change;
  if (instance.isUnwanted) return change;
  return { ...change, state: 'backoff', pid: null, facts: [...change.facts, ...endOf(instance)] };
}

/** How the newest run ended, or why it could not start; empty before the first run. */
function endOf(instance: JobInstance): readonly ChangeFact[] {
  const { startError, lastExit, unhealthy } = instance.snapshot.context;
  if (unhealthy !== null) return healthFacts(unhealthy);
  if (startError !== null) return [{ kind: 'notStarted', why: startError }];
  return lastExit === null ? [] : [{ kind: 'ended', code: lastExit.code, signal: lastExit.signal }];
}

/** The outcome of a run that was started by hand; the run of a scheduled job may have ended by now. */
export function outcomeOf(fleet: Fleet, instance: JobInstance): readonly ChangeFact[] {
  const hasFailed = lastRunFailed(instance.snapshot.context);
  const ends = endOf(instance).map((fact) =>
    fact.kind === 'ended' && hasFailed ? { ...fact, isFailure: true as const } : fact,
  );
  return [...(instance.state === 'waiting' ? ends : []), ...reasonsNotUp(fleet, instance)];
}

/**
 * A report is bad when a job did not come up. A one-shot that failed earlier and was left as it is does not
 * count.
 */
export function reportOf(changes: readonly ReportedChange[]): Report {
  const ok = changes.every(
    ({ state, action, facts }) =>
      state !== 'backoff' &&
      !facts.some(({ kind }) => kind === 'rollStopped') &&
      (state !== 'failed' || action === 'none') &&
      !(action === 'restart' && facts.some(({ kind }) => kind === 'waitsForJobs')),
  );
  return { ok, changes, problems: [] };
}
