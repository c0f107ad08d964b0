import type { JobSnapshot } from '../../../machines/job.ts';
import { hasChild, hasEndedByItself, jobState, lastRunFailed } from '../../../src/plan/job-state.ts';

type Value = JobSnapshot['value'];
type Context = JobSnapshot['context'];

const wants: readonly Value['want'][] = [
  'Yes',
  'Removed',
  { No: 'ByTest' },
  { No: 'ByHand' },
  { No: 'ByConfig' },
] as readonly Value['want'][];

const wordOf = (child: unknown, want: unknown, test = 'Idle'): string =>
  jobState({ value: { child, want, test } } as JobSnapshot);

test.each([
  ['Gone', 'Idle', 'stopped stopped held stopped held'],
  ['Gone', 'Testing', 'stopped stopped testing stopped held'],
  [{ AtRest: 'Down' }, 'Idle', 'stopped stopped held stopped held'],
  [{ AtRest: 'Down' }, 'Testing', 'stopped stopped testing stopped held'],
])('a job that is down is called by its want: %j, %s', (child, test, words) => {
  expect(wants.map((want) => wordOf(child, want, test)).join(' ')).toBe(words);
});

test.each([
  [{ Up: 'Running' }, 'running'],
  [{ Up: { Starting: 'Spawning' } }, 'starting'],
  [{ Ending: 'Stopping' }, 'stopping'],
  [{ Waiting: 'ForTest' }, 'testing'],
  [{ Waiting: 'ForDependencies' }, 'waiting'],
  [{ AtRest: 'Backoff' }, 'backoff'],
  [{ AtRest: 'GivenUp' }, 'failed'],
  [{ AtRest: { Ended: 'Finished' } }, 'finished'],
  [{ AtRest: { Ended: 'Failed' } }, 'failed'],
])('a job whose child is at %j has the same state, whatever is wanted', (child, word) => {
  expect(wants.map((want) => wordOf(child, want))).toEqual(wants.map(() => word));
});

test('a scheduled job whose test refused it is held until its next time', () => {
  expect(wants.map((want) => wordOf({ Waiting: 'ForTime' }, want)).join(' ')).toBe(
    'waiting waiting held waiting waiting',
  );
  expect(wordOf({ Waiting: 'ForDependencies' }, { No: 'ByTest' })).toBe('waiting');
});

test.each([
  ['Gone', null, false, false],
  [{ AtRest: 'Down' }, 'itself', false, false],
  [{ Waiting: 'ForTest' }, 'itself', false, false],
  [{ Up: 'Running' }, 'itself', false, true],
  [{ Ending: 'Stopping' }, 'asked', false, true],
  [{ Ending: 'Sweeping' }, 'itself', true, true],
])('whether a child at %j, ending %s, ended by itself, and is there', (child, ending, byItself, there) => {
  const snapshot = { value: { child }, context: { ending } } as JobSnapshot;
  expect([hasEndedByItself(snapshot), hasChild(snapshot.value)]).toEqual([byItself, there]);
});

test.each([
  [null, 'itself', false],
  [{ code: 1, signal: null }, 'itself', true],
  [{ code: 1, signal: null }, 'asked', false],
  [{ code: 1, signal: null }, null, true],
  [{ code: 0, signal: null }, 'itself', false],
  [{ code: 7, signal: null }, 'itself', false],
  [{ code: null, signal: 'SIGSEGV' }, 'itself', true],
])('whether a run failed that ended as %j, ending %s', (lastExit, ending, failed) => {
  expect(lastRunFailed({ lastExit, ending, policy: { successCodes: [0, 7] } } as unknown as Context)).toBe(
    failed,
  );
});
