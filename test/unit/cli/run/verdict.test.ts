import { endingOf, outlookWords } from '../../../../src/cli/run/verdict.ts';
import type { JobState } from '../../../../src/plan/job-state.ts';
import type { Culprit, JobStatus } from '../../../../src/wire/messages.ts';

type Seen = Partial<Pick<JobStatus, 'outlook' | 'lastExit' | 'lastRunFailed'>>;

const job = (name: string, state: JobState, seen: Seen = {}): JobStatus =>
  ({ name, state, lastExit: null, lastRunFailed: false, ...seen }) as JobStatus;

const EXIT = { code: 3, signal: null } as NonNullable<JobStatus['lastExit']>;
const culprit = (state: JobState, more: Partial<Culprit> = {}): Culprit => ({
  name: 'db',
  state,
  exit: null,
  startError: null,
  ...more,
});
const blocked = (...by: readonly Culprit[]): Seen => ({ outlook: { kind: 'blocked', by } });
const HELD: Seen = { outlook: { kind: 'held' } };

const FINISHED = job('a', 'finished');
const FAILED = job('a', 'failed', { lastExit: EXIT });

test.each<[string, readonly JobStatus[], string | null]>([
  ['no job', [], null],
  ['one that runs', [job('a', 'running')], 'goes on'],
  ['one that has finished', [FINISHED], null],
  ['one that has finished beside one that runs', [FINISHED, job('b', 'running')], 'goes on'],
  ['one that has failed', [FAILED], 'a exited with 3'],
  ['one that has failed without an exit', [job('a', 'failed')], 'a failed'],
  ['one that has failed beside one that runs', [FAILED, job('b', 'running')], 'goes on'],
  ['one that has failed and one that has finished', [FINISHED, { ...FAILED, name: 'b' }], 'b exited with 3'],
  ['one that was stopped by hand', [job('a', 'stopped')], 'goes on'],
  ['one in backoff', [job('a', 'backoff', { lastExit: EXIT, lastRunFailed: true })], 'goes on'],
  [
    'one that is held',
    [job('a', 'held', HELD)],
    'a will not start: its test says no, and nothing runs it again',
  ],
  [
    'one that waits for one that failed',
    [job('a', 'waiting', blocked(culprit('failed', { exit: EXIT }))), { ...FAILED, name: 'db' }],
    'a will not start: db exited with 3',
  ],
  [
    'one that a signal has ended',
    [job('a', 'failed', { lastExit: { ...EXIT, code: null, signal: 'SIGSEGV' } })],
    'a was ended by SIGSEGV',
  ],
  // That one may be started again by hand.
  ['one that waits for one that was stopped', [job('a', 'waiting', blocked(culprit('stopped')))], 'goes on'],
  [
    'one that waits for one that was stopped and one that failed',
    [job('a', 'waiting', blocked(culprit('stopped'), culprit('failed')))],
    'goes on',
  ],
])('`run` of %s', (_, jobs, blame) => {
  expect(endingOf(jobs, false)).toEqual(blame === 'goes on' ? null : { blame });
});

test.each<[string, readonly JobStatus[], string | null]>([
  ['fails', [FAILED, job('b', 'running')], 'a exited with 3'],
  ['crashes', [job('a', 'backoff', { lastExit: EXIT }), job('b', 'running')], 'a exited with 3'],
  [
    'has failed at its time',
    [job('a', 'waiting', { lastExit: EXIT, lastRunFailed: true })],
    'a exited with 3',
  ],
  ['finishes', [FINISHED, job('b', 'running')], 'goes on'],
])('`run --exit-on-failure` of a job that %s', (_, jobs, blame) => {
  expect(endingOf(jobs, true)).toEqual(blame === 'goes on' ? null : { blame });
});

test('each job that keeps another from coming up is named with its reason', () => {
  const words = (each: Culprit): string => outlookWords({ kind: 'blocked', by: [each] });
  expect(
    [
      culprit('stopped', { exit: EXIT }),
      culprit('held'),
      culprit('finished', { exit: EXIT }),
      culprit('failed'),
      culprit('failed', { exit: EXIT }),
      culprit('failed', { exit: { code: null, signal: 'SIGSEGV' } }),
      culprit('failed', { exit: EXIT, startError: 'no such file' }),
    ].map(words),
  ).toEqual([
    'db is stopped',
    'the test of db says no',
    'db has finished',
    'db failed',
    'db exited with 3',
    'db was ended by SIGSEGV',
    'db could not be started: no such file',
  ]);
  expect(outlookWords({ kind: 'blocked', by: [culprit('stopped'), culprit('held')] })).toBe(
    'db is stopped, the test of db says no',
  );
});
