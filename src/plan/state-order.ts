import type { JobState } from './job-state.ts';

/** The one order of states wherever trouble comes first: the most urgent at the beginning. */
const BY_URGENCY: readonly JobState[] = [
  'failed',
  'backoff',
  'stopping',
  'testing',
  'starting',
  'held',
  'stopped',
  'waiting',
  'running',
  'finished',
];

/** Its place in that order. A scheduled job whose last run failed comes right after those in backoff. */
export function urgencyOf({
  state,
  lastRunFailed = false,
}: {
  readonly state: JobState;
  readonly lastRunFailed?: boolean;
}): number {
  return state === 'waiting' && lastRunFailed
    ? BY_URGENCY.indexOf('backoff') + 0.5
    : BY_URGENCY.indexOf(state);
}

/** The most urgent of some states; null where there are none. */
export const mostUrgent = (states: readonly JobState[]): JobState | null =>
  BY_URGENCY.find((state) => states.includes(state)) ?? null;

/** How many jobs are in each state, the most urgent first; a state without jobs is left out. */
export function countsOf(
  jobs: Iterable<{ readonly state: JobState }>,
): readonly { readonly state: JobState; readonly count: number }[] {
  const counts = new Map<JobState, number>();
  for (const { state } of jobs) counts.set(state, (counts.get(state) ?? 0) + 1);
  return BY_URGENCY.flatMap((state) => {
    const count = counts.get(state);
    return count === undefined ? [] : [{ state, count }];
  });
}

/** `2 failed, 58 running`. */
export const countsInWords = (jobs: Iterable<{ readonly state: JobState }>): string =>
  countsOf(jobs)
    .map(({ state, count }) => `${count} ${state}`)
    .join(', ');
