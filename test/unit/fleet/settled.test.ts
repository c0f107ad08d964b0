import type { JobInstance } from '../../../src/fleet/job-instance.ts';
import type { CountsAs } from '../../../src/fleet/job-instance.ts';
import { settledAnswers } from '../../../src/fleet/settled.ts';
import { JOB_STATES, type JobState } from '../../../src/plan/job-state.ts';
import { seenJob } from '../../support/seen-job.ts';

/** Whether a job is settled, where these are unmet, each of one job, and these are queued to stop. */
function settled(
  instance: JobInstance,
  unmet: Readonly<Record<string, readonly [JobInstance, CountsAs]>> = {},
  ...queued: readonly string[]
): boolean {
  const fleet = {
    unmet: ({ name }: JobInstance) => {
      const found = unmet[name];
      return found === undefined ? [] : [{ other: found[0], is: found[1] }];
    },
    isQueuedToStop: ({ name }: JobInstance) => queued.includes(name),
  };
  return settledAnswers(fleet).of(instance);
}

test('a trigger need not wait for a job that is up, down or given up', () => {
  const at = JOB_STATES.filter((state) => settled(seenJob('web', state, { context: { backoffMs: 1 } })));
  expect(at.toSorted()).toEqual(['backoff', 'failed', 'finished', 'held', 'running', 'stopped']);
});

test('a start that follows at once, a running test and a queued stop are waited for', () => {
  expect([
    settled(seenJob('web', 'backoff', { context: { backoffMs: 0 } })),
    settled(seenJob('web', 'running', { isTesting: true })),
    settled(seenJob('web', 'running'), {}, 'web'),
  ]).toEqual([false, false, false]);
});

test('a scheduled job that waits for its time is settled', () => {
  expect(settled(seenJob('web', 'waiting', { job: { schedule: {} as never } }))).toBe(true);
});

const waiting = seenJob('web', 'waiting');
test.each<[string, JobState, CountsAs, object, boolean]>([
  ['is failed', 'failed', 'running', {}, true],
  ['is held', 'held', 'running', {}, true],
  ['is starting', 'starting', 'running', {}, false],
  ['runs and may yet finish', 'running', 'finished', { neverFinishes: false }, false],
  ['runs and never finishes', 'running', 'finished', { neverFinishes: true }, true],
  ['has finished instead of running', 'finished', 'running', { neverFinishes: false }, true],
  ['is being tested', 'failed', 'running', { isTesting: true }, false],
])('whether a job is settled that waits for another that %s', (_, state, is, seen, wanted) => {
  expect(settled(waiting, { web: [seenJob('db', state, seen), is] })).toBe(wanted);
});

test('a job is not settled while it waits for a job whose restart is queued', () => {
  expect(settled(waiting, { web: [seenJob('db', 'failed'), 'running'] }, 'db')).toBe(false);
});
