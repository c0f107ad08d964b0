import type { JobInstance } from '../../../src/fleet/job-instance.ts';
import { standingOf } from '../../../src/fleet/settled.ts';
import { JOB_STATES } from '../../../src/plan/job-state.ts';
import { seenJob } from '../../support/seen-job.ts';

/** How a roll sees a job that waits for another in vain, or for none. */
function standing(instance: JobInstance, ...unmet: readonly JobInstance[]): string {
  return standingOf(
    {
      unmet: () => unmet.map((other) => ({ other, is: 'running' as const })),
      isQueuedToStop: () => false,
      isSettled: () => true,
    },
    instance,
  );
}

test('a roll takes a copy for up, for coming or for down by its state', () => {
  const seen = JOB_STATES.map(
    (state) => `${state} ${standing(seenJob('web', state, { context: { backoffMs: 1 } }))}`,
  );
  expect(seen.toSorted()).toEqual([
    'backoff down',
    'failed down',
    'finished up',
    'held up',
    'running up',
    'starting coming',
    'stopped down',
    'stopping coming',
    'testing coming',
    'waiting coming',
  ]);
});

test('a copy that waits for its time is up, and one that waits for a job in vain is down', () => {
  expect([
    standing(seenJob('web', 'waiting', { job: { schedule: {} as never } })),
    standing(seenJob('web', 'waiting'), seenJob('db', 'failed')),
    standing(seenJob('web', 'backoff')),
    standing(seenJob('web', 'running', { isTesting: true })),
  ]).toEqual(['up', 'down', 'coming', 'coming']);
});

test('for a roll a copy that is being stopped by hand is down, and any other is coming', () => {
  expect([
    standing(seenJob('web', 'stopping', { isStoppedByHand: true })),
    standing(seenJob('web', 'stopping', { isStoppedByHand: false })),
  ]).toEqual(['down', 'coming']);
});
