import type { JobSnapshot } from '../../machines/job.ts';

/** The one list of words for a job's state, wherever one is shown. */
export const JOB_STATES = [
  'waiting',
  'testing',
  'held',
  'starting',
  'running',
  'stopping',
  'backoff',
  'finished',
  'failed',
  'stopped',
] as const;
export type JobState = (typeof JOB_STATES)[number];

/** The word that users see for a configuration of the job chart: the only place where it is chosen. */
export function jobState(snapshot: JobSnapshot): JobState {
  const { child, want, test } = snapshot.value;
  if (typeof child === 'object') {
    if ('Starting' in child) return 'starting';
    if ('Ending' in child) return 'stopping';
    if (child.Waiting === 'ForTest') return 'testing';
    return child.Waiting === 'ForTime' && isHeld(want) ? 'held' : 'waiting';
  }
  switch (child) {
    case 'Running':
      return 'running';
    case 'Backoff':
      return 'backoff';
    case 'Finished':
      return 'finished';
    case 'Failed':
      return 'failed';
    case 'Down':
    case 'Gone':
      return downState(want, test === 'Testing');
    default:
      return child satisfies never;
  }
}

function isHeld(want: JobSnapshot['value']['want']): boolean {
  return typeof want === 'object' && want.No === 'ByTest';
}

function downState(want: JobSnapshot['value']['want'], isTesting: boolean): JobState {
  // Wanted, and not on its way up: it went down with a daemon.
  if (want === 'Removed' || want === 'Yes' || (typeof want === 'object' && want.No !== 'ByTest'))
    return 'stopped';
  return isTesting ? 'testing' : 'held';
}
