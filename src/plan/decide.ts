import type { Action, Reason } from './change.ts';
import type { JobState } from './job-state.ts';

/** A job instance as it is before a trigger. */
export interface KnownInstance {
  readonly state: JobState;
  /** Its child is alive or is being started. */
  readonly isUp: boolean;
  readonly isStoppedByHand: boolean;
  /** Somebody has started it although its config disables it. */
  readonly isStartedByHand: boolean;
  /**
   * The job has ended without being stopped and is not restarted. Only a new config or a start by hand runs
   * it again.
   */
  readonly hasEnded: boolean;
}

/** How the config differs from the known job. */
export interface ConfigDiff {
  /** Names of the keys that differ and that the child itself sees; their change restarts it. */
  readonly childKeys: readonly string[];
  /** Names of the other keys that differ; their change applies in place. */
  readonly otherKeys: readonly string[];
  /** A finished job whose new config asks for another run. */
  readonly needsAnotherRun: boolean;
}

/** A config that changes nothing of a job. */
export const NO_DIFF: ConfigDiff = { childKeys: [], otherKeys: [], needsAnotherRun: false };

export interface Decision {
  readonly action: Action;
  readonly reason: Reason;
}

/**
 * What the test says: its verdict, that there is none to ask, or that it is not asked, since the config
 * disables the job.
 */
export type TestOutcome = 'pass' | 'fail' | 'unknown' | 'no-test' | 'disabled';

/** Whether a trigger holds a job down because its config disables it, whatever its test would say. */
export function isHeldByConfig(known: KnownInstance | null, isEnabled: boolean): boolean {
  return !isEnabled && known?.isStartedByHand !== true && known?.isStoppedByHand !== true;
}

/**
 * Predicts what a trigger does to one instance, and why. `known` is null for a new job; `asked` is null for a
 * job that the config no longer names. The job chart itself decides the same; this prediction serves `plan`
 * and the report.
 */
export function decide(known: KnownInstance | null, asked: ConfigDiff | null, test: TestOutcome): Decision {
  if (asked === null) return { action: 'remove', reason: 'removed' };
  if (known === null) return decideNew(test);
  if (known.isStoppedByHand) return inPlace(asked, 'by-hand');
  if (known.isUp) return decideUp(asked, test);
  return decideDown(known, asked, test);
}

function decideNew(test: TestOutcome): Decision {
  switch (test) {
    case 'pass':
    case 'no-test':
      return { action: 'start', reason: 'new' };
    case 'fail':
      return { action: 'none', reason: 'test-failed' };
    case 'unknown':
      return { action: 'none', reason: 'test-unknown' };
    case 'disabled':
      return { action: 'none', reason: 'new' };
    default:
      return test satisfies never;
  }
}

function decideUp(asked: ConfigDiff, test: TestOutcome): Decision {
  if (test === 'disabled') return { action: 'stop', reason: 'changed' };
  if (test === 'fail') return { action: 'stop', reason: 'test-failed' };
  if (test === 'unknown') return inPlace({ ...asked, childKeys: [] }, 'test-unknown');
  if (asked.childKeys.length > 0) return { action: 'restart', reason: 'changed' };
  return inPlace(asked, 'unchanged');
}

function decideDown(known: KnownInstance, asked: ConfigDiff, test: TestOutcome): Decision {
  if (test === 'fail') return inPlace(asked, 'test-failed');
  if (test === 'unknown') return inPlace(asked, 'test-unknown');
  if (test === 'disabled' || known.state === 'waiting') return inPlace(asked, 'unchanged');
  if (known.hasEnded)
    return asked.needsAnotherRun ? { action: 'start', reason: 'changed' } : inPlace(asked, 'unchanged');
  if (asked.childKeys.length > 0) return { action: 'start', reason: 'changed' };
  if (known.state !== 'held') return { action: 'start', reason: 'not-running' };
  if (asked.otherKeys.includes('enabled')) return { action: 'start', reason: 'changed' };
  if (test === 'pass') return { action: 'start', reason: 'test-passed' };
  // The test that held it is not in its config any more.
  return { action: 'start', reason: asked.otherKeys.length > 0 ? 'changed' : 'not-running' };
}

/** No process is touched, but a changed config takes effect. */
function inPlace(asked: ConfigDiff, otherwise: Reason): Decision {
  return asked.childKeys.length + asked.otherKeys.length > 0
    ? { action: 'update', reason: 'changed' }
    : { action: 'none', reason: otherwise };
}
