import type { JobSnapshot } from '../../machines/job.ts';
import type { JobState } from '../config/state-words.ts';

export { isJobState, JOB_STATES, type JobState } from '../config/state-words.ts';

/** The word that users see for a configuration of the job chart: the only place where it is chosen. */
export function jobState(snapshot: JobSnapshot): JobState {
  const { child, want, test } = snapshot.value;
  if (child === 'Gone') return downState(want, test === 'Testing');
  if ('Up' in child) return child.Up === 'Running' ? 'running' : 'starting';
  if ('Ending' in child) return 'stopping';
  if ('AtRest' in child) return stateAtRest(child.AtRest, snapshot);
  if (child.Waiting === 'ForTest') return 'testing';
  return child.Waiting === 'ForTime' && isHeld(want) ? 'held' : 'waiting';
}

/** Whether its child ended without being asked, and what it left behind is still being ended. */
export function hasEndedByItself({
  value: { child },
  context,
}: Pick<JobSnapshot, 'value' | 'context'>): boolean {
  return typeof child === 'object' && 'Ending' in child && context.ending === 'itself';
}

/** Whether the last run ended without being stopped, and without success. */
export function lastRunFailed({ lastExit, ending, policy }: JobSnapshot['context']): boolean {
  if (lastExit === null || ending === 'asked') return false;
  return lastExit.code === null || !policy.successCodes.includes(lastExit.code);
}

/**
 * The same word as users are told of it in events and by hooks: null before anything is decided about a new
 * job, and a held job stays `held` while its test is repeated.
 */
export function toldState(snapshot: JobSnapshot): JobState | null {
  const state = jobState(snapshot);
  if (state === 'held' && snapshot.value.want === 'Unknown') return null;
  return state === 'testing' && isHeld(snapshot.value.want) ? 'held' : state;
}

/** Whether a child lives or is about to: it is started, runs, or is being stopped. */
export function hasChild({ child }: Pick<JobSnapshot['value'], 'child'>): boolean {
  return typeof child === 'object' && ('Up' in child || 'Ending' in child);
}

function stateAtRest(
  rest: 'Down' | 'Backoff' | 'GivenUp' | { readonly Ended: 'Finished' | 'Failed' },
  snapshot: JobSnapshot,
): JobState {
  if (typeof rest === 'object') return rest.Ended === 'Finished' ? 'finished' : 'failed';
  switch (rest) {
    case 'Down':
      return downState(snapshot.value.want, snapshot.value.test === 'Testing');
    case 'Backoff':
      return 'backoff';
    case 'GivenUp':
      return 'failed';
    default:
      return rest satisfies never;
  }
}

function isHeld(want: JobSnapshot['value']['want']): boolean {
  return typeof want === 'object' && want.No === 'ByTest';
}

function downState(want: JobSnapshot['value']['want'], isTesting: boolean): JobState {
  if (typeof want === 'object' && want.No === 'ByConfig') return 'held';
  // A wanted job that is down and not on its way up went down with its daemon.
  if (want === 'Removed' || want === 'Yes' || (typeof want === 'object' && want.No !== 'ByTest'))
    return 'stopped';
  return isTesting ? 'testing' : 'held';
}
