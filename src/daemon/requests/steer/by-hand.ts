import { byInstanceName } from '../../../plan/names.ts';
import type { Fleet } from '../../../fleet/fleet.ts';
import type { JobInstance } from '../../../fleet/job-instance.ts';
import { shownPid } from '../../../fleet/shown-pid.ts';
import type { ReportedChange } from '../../../plan/change.ts';
import type { Progress, Refusal } from '../../../wire/messages.ts';
import type { Outcome, RequestContext, RequestNamed } from '../context.ts';
import { withJobs } from '../context.ts';
import { degraded, interrupted, noSuchJob, unwritten } from '../refusals.ts';
import {
  asFallen,
  captureBefore,
  killedMeanwhile,
  leftOutOfRoll,
  outcomeOf,
  reasonsNotUp,
  reportOf,
  type InstanceBefore,
} from './report-change.ts';
import { settle } from './settle.ts';

type ByHandRequest = RequestNamed<'start' | 'restart' | 'stop'>;

/** `start`, `stop` and `restart`. */
export function byHand(
  context: RequestContext,
  request: ByHandRequest,
  onProgress: (progress: Progress) => void,
): Outcome | Promise<Outcome> {
  const { fleet } = context;
  if (request.name === 'stop') fleet.resume();
  // With no job at all, `stop --all` has nothing to do, but `start --all` cannot do what it is asked.
  if (request.all && request.name !== 'stop' && fleet.all.length === 0) return { refusal: noSuchJob([], []) };
  return withJobs(context, { names: request.jobs, all: request.all }, (jobs) =>
    changeByHand(context, request, jobs, onProgress),
  );
}

async function changeByHand(
  context: RequestContext,
  request: ByHandRequest,
  jobs: readonly JobInstance[],
  onProgress: (progress: Progress) => void,
): Promise<Outcome> {
  const { fleet, kept } = context;
  if (!kept.settle()) return degraded();
  const before = jobs.map((job) => captureBefore(job));
  const names = jobs.map(({ name }) => name);
  fleet.resume();
  const stuck = request.name === 'restart' ? leftWaiting(jobs, fleet) : null;
  if (stuck !== null) return { refusal: stuck };
  if (request.name === 'stop') fleet.takeDown(names, 'Stop');
  else if (request.name === 'restart') fleet.restart(jobs, { isRolling: request.rolling === true });
  else for (const job of jobs) fleet.start(job);
  const goingDown = request.name === 'stop';
  const isJudged = !goingDown && !request.all && request.wait;
  const wait = goingDown || request.wait;
  const { isDone, fallen } = await settle(
    context,
    { names, wait, untilEnded: isJudged, goingDown },
    onProgress,
  );
  if (!isDone) return interrupted();
  // The report is made before the sync: changes that other clients request meanwhile do not belong in it.
  const changes = before.map((each) => {
    const change = byHandChange(request.name, each, fleet);
    return fallen.has(each.name) && !goingDown ? asFallen(fleet, change) : change;
  });
  const answer = reportOf(changes.toSorted((a, b) => byInstanceName(a.job, b.job)));
  const ok = answer.ok && !(isJudged && names.some((name) => isDownAfterStart(name, fleet)));
  return (await kept.sync()) ? { ...answer, ok } : unwritten();
}

/** Why a restart would leave jobs waiting instead of running; null where it would not. */
function leftWaiting(jobs: readonly JobInstance[], fleet: Fleet): Refusal | null {
  const restarted = new Set(jobs);
  for (const job of jobs) {
    const [missing] = fleet.unmet(job).filter(({ other }) => !restarted.has(other));
    if (!job.isUp || missing === undefined) continue;
    const { name, state } = missing.other;
    return {
      code: 'not-running',
      message:
        `${job.name} would wait for ${name} (${state}) instead of running, so nothing was restarted; ` +
        `start ${name} first`,
    };
  }
  return null;
}

/** Whether a job that was started by hand is not up afterwards and has not ended with success either. */
function isDownAfterStart(name: string, fleet: Fleet): boolean {
  const instance = fleet.get(name);
  if (instance === undefined) return true;
  switch (instance.state) {
    case 'running':
    case 'finished':
    case 'starting':
    case 'testing':
      return false;
    case 'waiting':
      return !instance.isUpAs('finished');
    case 'stopping':
      // The job did start. Another client restarts it while this request still waits for other jobs.
      return instance.isUnwanted;
    case 'held':
    case 'backoff':
    case 'failed':
    case 'stopped':
      return true;
    default:
      return instance.state satisfies never;
  }
}

/** What a request by hand did to one instance, which may have been removed meanwhile. */
function byHandChange(request: ByHandRequest['name'], before: InstanceBefore, fleet: Fleet): ReportedChange {
  const { name, run, known } = before;
  const instance = fleet.get(name);
  if (instance === undefined)
    return {
      job: name,
      action: 'remove',
      reason: 'removed',
      facts: [...killedMeanwhile(before), { kind: 'removedMeanwhile' }],
      state: 'stopped',
      pid: null,
    };
  const { verdict, run: newest, child } = instance.snapshot.context;
  const base = { job: name, state: instance.state, pid: shownPid(child) };
  if (fleet.isBeingRemoved(instance))
    return { ...base, action: 'remove', reason: 'removed', facts: [{ kind: 'notInConfig' }] };
  if (request === 'stop')
    return {
      ...base,
      action: known.isUp ? 'stop' : 'none',
      reason: 'by-hand',
      facts: known.isUp ? killedMeanwhile(before) : [{ kind: 'wasNotRunning' }],
    };
  if (newest > run)
    return {
      ...base,
      action: known.isUp ? 'restart' : 'start',
      reason: 'by-hand',
      facts: [...killedMeanwhile(before), ...outcomeOf(fleet, instance)],
    };
  const leftOut = request === 'restart' ? leftOutOfRoll(fleet, instance) : null;
  if (leftOut !== null) return { ...base, action: 'none', reason: 'by-hand', facts: [leftOut] };
  // `start` does not run the test of a job that runs, so an earlier result of it has no bearing here.
  if (instance.isUp && request === 'start')
    return { ...base, action: 'none', reason: 'unchanged', facts: [{ kind: 'alreadyRunning' }] };
  if (instance.job.test !== null && verdict?.verdict === 'unknown')
    return {
      ...base,
      action: 'none',
      reason: 'test-unknown',
      facts: [{ kind: 'tested', detail: verdict.detail }],
    };
  if (instance.isUp)
    return { ...base, action: 'none', reason: 'unchanged', facts: [{ kind: 'alreadyRunning' }] };
  if (instance.isHeldByConfig && request === 'restart')
    return { ...base, action: 'none', reason: 'unchanged', facts: [{ kind: 'disabled' }] };
  if (instance.state === 'held')
    return {
      ...base,
      action: known.isUp ? 'stop' : 'none',
      reason: 'test-failed',
      facts: [{ kind: 'tested', detail: verdict?.detail ?? '' }],
    };
  return { ...base, action: 'none', reason: 'by-hand', facts: reasonsNotUp(fleet, instance) };
}
