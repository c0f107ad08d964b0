import { JOB_STATES } from '../../../src/plan/job-state.ts';
import { countsInWords, countsOf, mostUrgent, urgencyOf } from '../../../src/plan/state-order.ts';

test('every state has a place of its own in the order of urgency, failed jobs the first', () => {
  const places = JOB_STATES.map((state) => urgencyOf({ state }));
  expect(places.toSorted((a, b) => a - b)).toEqual(JOB_STATES.map((_, at) => at));
  expect(urgencyOf({ state: 'failed' })).toBe(0);
});

test('a scheduled job whose last run failed comes right after those in backoff', () => {
  const urgency = urgencyOf({ state: 'waiting', lastRunFailed: true });
  expect(urgency).toBeGreaterThan(urgencyOf({ state: 'backoff' }));
  expect(JOB_STATES.filter((state) => urgencyOf({ state }) < urgency)).toEqual(['backoff', 'failed']);
});

test('the most urgent one of several states counts, and none of no states', () => {
  expect(mostUrgent(['running', 'held', 'backoff'])).toBe('backoff');
  expect(mostUrgent([])).toBeNull();
});

test('jobs are counted by their states, the most urgent first', () => {
  const jobs = (['running', 'failed', 'running', 'failed', 'held'] as const).map((state) => ({ state }));
  expect(countsOf(jobs)).toEqual([
    { state: 'failed', count: 2 },
    { state: 'held', count: 1 },
    { state: 'running', count: 2 },
  ]);
  expect(countsInWords(jobs)).toBe('2 failed, 1 held, 2 running');
});
