import type { JobEvent, JobSnapshot } from '../../../machines/job.ts';
import type { JobStep } from '../../fleet/job-instance.ts';
import type { Cause } from '../../plan/change.ts';
import { exitInWords } from '../../plan/exit-words.ts';
import { overMemoryWords } from '../../plan/over-memory-words.ts';
import { jobState } from '../../plan/job-state.ts';

/** The origin of a job's state: the cause as a stable word, a clause for people, and the file of a watch. */
export interface Origin {
  readonly cause: Cause;
  readonly why: string;
  readonly file?: string;
}

/** The state of a job on which the origin of its next steps depends. */
export interface Standing {
  readonly origin: Origin;
  /** The origin of a requested restart that waits for the test. */
  readonly asked: Origin | null;
}

export const UNKNOWN_ORIGIN: Origin = { cause: 'daemon', why: '' };

/**
 * The origin after a step of this boot: the step's own, or that of an earlier step which it continues.
 */
export function standingAfter(step: JobStep, { origin, asked }: Standing, boot: string): Standing {
  const { before, after } = step;
  const own = endedWithTheMachine(step, boot) ? REBOOTED : ownOrigin(step, { origin, asked });
  const isMove =
    before === null || jobState(before) !== jobState(after) || whatIsWanted(before) !== whatIsWanted(after);
  // A request during the end of a child decides what comes next.
  const isTurned = before?.context.ending !== 'asked' && after.context.ending === 'asked';
  return {
    origin: own !== null && (isMove || isTurned) ? own : origin,
    asked: after.context.restartAsked ? (isRequest(step.event) && own !== null ? own : asked) : null,
  };
}

/** Null for a step that only continues what an earlier one began. */
function ownOrigin(step: JobStep, standing: Standing): Origin | null {
  const { event, before, after } = step;
  if (isWaitingForDependencies(after) && (before === null || !isWaitingForDependencies(before)))
    return { cause: 'dependency', why: '' };
  return event.type.startsWith('xstate.')
    ? originOfTimer(event.type, after)
    : originOf(event as JobEvent, step, standing);
}

function originOf(event: JobEvent, { before, after }: JobStep, { origin, asked }: Standing): Origin | null {
  const { unhealthy } = after.context;
  switch (event.type) {
    case 'Apply':
      if (before?.context.restartAsked === true) return asked ?? RESTARTED;
      // The first test has not ended yet.
      if (before?.value.want === 'Unknown') return null;
      return { cause: 'config', why: before !== null && isOutdated(after) ? CONFIG_CHANGED : 'by a trigger' };
    case 'Remove':
      return { cause: 'config', why: 'no longer in the config' };
    case 'Start':
      return { cause: 'by-hand', why: 'started by hand' };
    case 'Stop':
      return { cause: 'by-hand', why: 'stopped by hand' };
    case 'Restart':
      return event.cause === undefined || event.file === undefined
        ? RESTARTED
        : { cause: event.cause, why: `${event.file} changed`, file: event.file };
    case 'Die':
      return { cause: 'daemon', why: 'the daemon is shutting down' };
    case 'Restored':
      return { cause: 'daemon', why: 'a daemon came back' };
    case 'TestPassed':
      if (before?.context.restartAsked === true) return asked ?? RESTARTED;
      if (before !== null && isUp(before)) return { cause: 'config', why: CONFIG_CHANGED };
      // The test was run before a start with another origin, such as the schedule.
      if (before === null || !isHeld(before) || origin.cause === 'schedule') return null;
      return { cause: 'test', why: `its test ${event.detail}` };
    case 'TestFailed':
    case 'TestUnknown':
      return { cause: 'test', why: `its test ${event.detail}` };
    case 'ChildExited':
      return before !== null && isUp(before) ? { cause: 'exit', why: exitInWords(event) } : null;
    case 'SpawnFailed':
      return { cause: 'daemon', why: event.detail };
    case 'Due':
      return { cause: 'schedule', why: 'its time has come' };
    case 'DependenciesUp':
      return { cause: 'dependency', why: 'the jobs that it comes after are up' };
    case 'DependenciesDown':
      return { cause: 'dependency', why: '' };
    case 'AliveFailed':
      return { cause: 'alive', why: `its alive check failed: ${event.detail}` };
    case 'OverMemory':
      return unhealthy?.by === 'memory' ? { cause: 'memory', why: overMemoryWords(unhealthy) } : null;
    case 'Spawned':
    case 'AlivePassed':
    case 'WithinMemory':
    case 'Ready':
    case 'GroupGone':
      return null;
    default:
      return event satisfies never;
  }
}

/** Its child is found gone, and could not outlive the boot that it was started in. */
const endedWithTheMachine = ({ event, before }: JobStep, boot: string): boolean =>
  event.type === 'ChildExited' &&
  before !== null &&
  isUp(before) &&
  before.context.child !== null &&
  before.context.child.boot !== boot;

const REBOOTED: Origin = { cause: 'daemon', why: 'the machine was restarted' };
const RESTARTED: Origin = { cause: 'by-hand', why: 'restarted by hand' };
const CONFIG_CHANGED = 'its config changed';

/**
 * The first step of all comes of the config; of the delays only these lead somewhere else than what began
 * before.
 */
function originOfTimer(event: string, after: JobSnapshot): Origin | null {
  if (event === 'xstate.init') return { cause: 'config', why: 'new in the config' };
  if (event.startsWith('xstate.after.testInterval.')) return { cause: 'test', why: 'its test is run again' };
  if (event.startsWith('xstate.after.readyTimeout.'))
    return { cause: 'daemon', why: after.context.startError ?? 'was not ready in time' };
  return null;
}

const isRequest = ({ type }: JobStep['event']): boolean => type === 'Restart';

const whatIsWanted = ({ value }: JobSnapshot): string => JSON.stringify(value.want);
const isUp = ({ value: { child } }: JobSnapshot): boolean => typeof child === 'object' && 'Up' in child;
const isHeld = (snapshot: JobSnapshot): boolean => snapshot.matches({ want: { No: 'ByTest' } });
const isWaitingForDependencies = (snapshot: JobSnapshot): boolean =>
  snapshot.matches({ child: { Waiting: 'ForDependencies' } });
const isOutdated = ({ context }: JobSnapshot): boolean =>
  context.runSpec !== null && context.runSpec !== context.spec;
