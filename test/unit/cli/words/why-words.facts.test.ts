import { whySentences } from '../../../../src/cli/words/why-words.ts';
import type { Blocker, WhyFact } from '../../../../src/plan/why-fact.ts';
import { WHY } from '../../../support/sample-replies.ts';

const said = (...because: readonly WhyFact[]): string =>
  whySentences({ ...WHY, because }, (at) => `<${at}>`).join(' ');

const blocker = (given: Partial<Blocker>): Blocker => ({
  name: 'db',
  state: 'waiting',
  needs: 'up',
  detail: null,
  age: null,
  isStuck: false,
  waitsFor: [],
  ...given,
});

test.each<[WhyFact, string]>([
  [{ kind: 'running', test: null }, 'It is running.'],
  [{ kind: 'running', test: { verdict: null, detail: '' } }, 'It is running. Its test has not run yet.'],
  [
    { kind: 'running', test: { verdict: 'pass', detail: 'exited with 0' } },
    'It is running, and its test agrees: it exited with 0.',
  ],
  [
    { kind: 'running', test: { verdict: 'unknown', detail: 'timed out' } },
    'It is running. Its test gave no answer, so nothing was changed because of it: it timed out.',
  ],
  [{ kind: 'changePending' }, 'Its config has changed, but its test has not yet allowed the restart.'],
  [
    { kind: 'awaitsTurn', stoppedBy: null },
    'It still has its old config: copies of this job are replaced one at a time.',
  ],
  [
    { kind: 'awaitsTurn', stoppedBy: { name: 'web@1', state: 'failed' } },
    'It still has its old config: copies of this job are replaced one at a time. It was not replaced, ' +
      'because web@1 is failed. The next `overseer` goes on; if the copy has to start before that, it has the new config.',
  ],
  [
    { kind: 'fault', at: 'T', message: 'EMFILE', count: 1, isRefusal: true },
    'The system refused overseer something for this job at <T>: EMFILE.',
  ],
  [
    { kind: 'fault', at: 'T', message: 'x is null', count: 2, isRefusal: false },
    'overseer itself failed at something for this job 2 times, last at <T>: x is null. ' +
      "That is a bug of overseer's; overseerd.log in the data folder says where, please report it.",
  ],
  [{ kind: 'restartedForFile', file: 'a.js' }, 'It was restarted because a.js changed.'],
  [{ kind: 'watch', remark: 'no file matches' }, 'Its watch: no file matches.'],
  [
    { kind: 'lostLog', path: '/l', is: null },
    'Its log was deleted: what it prints is lost until `overseer restart web` begins a new log.',
  ],
  [
    { kind: 'lostLog', path: '/l', is: 'folder' },
    'Its log is lost: /l is a folder now. Move it away; then `overseer restart web` begins a new log.',
  ],
  [
    { kind: 'settling', startMs: 1_500, hasReady: false },
    'It has just been started. It counts as running when it has lived for 1.5 s.',
  ],
  [
    { kind: 'settling', startMs: 1_000, hasReady: true },
    'It has just been started. It counts as running when it has lived for 1 s and is ready.',
  ],
  [
    { kind: 'probing', notReady: null, readyTimeoutMs: 60_000 },
    'It waits to be ready. When it is not ready within 60 s, it counts as a failed start and is stopped.',
  ],
  [
    { kind: 'probing', notReady: 'refused', readyTimeoutMs: 60_000 },
    'It waits to be ready: refused. When it is not ready within 60 s, it counts as a failed start and is stopped.',
  ],
  [
    { kind: 'stopping', why: '', stopTimeoutMs: 10_000, killedAt: null },
    'It is being stopped: its process group has been signalled. It is killed after 10 s.',
  ],
  [
    { kind: 'stopping', why: 'stopped by hand', stopTimeoutMs: 10_000, killedAt: 'T' },
    'It is being stopped (stopped by hand): its process group has been signalled. ' +
      'It is killed at <T>, unless it is gone by then.',
  ],
  [
    { kind: 'killing', group: 42 },
    'It was killed, but something of it lives on (process group 42): it waits for a disk or a driver, or ' +
      'belongs to another user. It is killed again each second; no second copy is started meanwhile.',
  ],
  [{ kind: 'testing' }, 'Its test is running; what it says decides.'],
  [{ kind: 'held', verdict: null, detail: '' }, 'Its test has not said yet that it should be running.'],
  [
    { kind: 'held', verdict: 'unknown', detail: 'timed out' },
    'Its test gave no answer, so it is not started: it timed out.',
  ],
  [
    { kind: 'held', verdict: 'fail', detail: 'exited with 1' },
    'Its test exited with 1, so it should not be running.',
  ],
  [{ kind: 'nextTest', everyMs: null, at: null }, 'The test runs again at each `overseer`.'],
  [{ kind: 'nextTest', everyMs: 500, at: null }, 'The test runs again every 0.5 s and at each `overseer`.'],
  [
    { kind: 'nextTest', everyMs: null, at: 'T' },
    "The test runs again at each `overseer`, and when the job's time has come: <T>.",
  ],
  [
    { kind: 'nextTest', everyMs: 5_000, at: 'T' },
    "The test runs again every 5 s and at each `overseer`, and when the job's time has come: <T>.",
  ],
  [{ kind: 'stoppedByHand' }, 'It was stopped by hand, and stays so until `overseer start web`.'],
  [{ kind: 'disabled' }, 'It is disabled in the config: only `overseer start web` starts it.'],
  [{ kind: 'ended', code: 3, signal: null, failures: 1 }, 'Its last run exited with 3.'],
  [
    { kind: 'ended', code: null, signal: 'SIGKILL', failures: 2 },
    'Its last run was ended by SIGKILL, 2 failures in a row.',
  ],
  [
    { kind: 'finished', restart: 'never' },
    'Its restart policy is "never", so it is not started again. `overseer start web` runs it once more; ' +
      'so does a change of its config.',
  ],
  [{ kind: 'notStarted', why: 'no such file' }, 'It could not be started: no such file.'],
  [
    { kind: 'unhealthy', why: 'refused', isOver: true },
    'It was restarted because its alive check failed: refused.',
  ],
  [
    { kind: 'unhealthy', why: 'refused', isOver: false },
    'It was stopped because its alive check failed: refused.',
  ],
  [
    { kind: 'hookFailed', state: 'failed', at: 'T', detail: 'exited with 1' },
    'Its hook for failed failed at <T>: it exited with 1.',
  ],
  [{ kind: 'testUnknown', detail: 'timed out' }, 'Its test gave no answer: it timed out.'],
  [
    { kind: 'failed', hasRun: false },
    'It is started afresh by the next `overseer`, or by `overseer start web`.',
  ],
  [
    { kind: 'failed', hasRun: true },
    'It is started afresh by the next `overseer`, or by `overseer start web`; `overseer logs web` shows what it printed.',
  ],
  [{ kind: 'startsAgain', at: null }, 'It starts again at once; `overseer start web` does so now.'],
  [{ kind: 'startsAgain', at: 'T' }, 'It starts again at <T>; `overseer start web` does so now.'],
  [
    { kind: 'scheduled', schedule: '@daily', at: 'T' },
    'Its schedule is "@daily"; its next run is at <T>. `overseer start web` runs it now.',
  ],
  [
    { kind: 'scheduled', schedule: '@daily', at: null },
    'Its schedule is "@daily"; such a time never comes. `overseer start web` runs it now.',
  ],
])('the fact %j is explained', (fact, words) => {
  expect(said(fact)).toBe(words);
});

test.each<[Partial<Blocker>, string]>([
  [{ state: 'starting' }, 'Waiting for db: starting.'],
  [{ state: 'starting', detail: 'pid 4', age: 192_000 }, 'Waiting for db: starting, pid 4 3m 12s ago.'],
  [
    { state: 'stopped', detail: 'stopped by hand', age: 1_000, isStuck: true },
    'Waiting for db: stopped by hand 1s ago. `overseer start db` starts it.',
  ],
  [
    { state: 'failed', detail: '', isStuck: true },
    'Waiting for db: failed. It will not come up by itself; `overseer why db` says what to do.',
  ],
  [
    { state: 'running', needs: 'finished', detail: 'pid 4' },
    'Waiting for db: running; it has to finish first.',
  ],
  [
    {
      waitsFor: [
        blocker({ name: 'a', state: 'starting' }),
        blocker({ name: 'b', state: 'held', isStuck: true }),
      ],
    },
    'Waiting for db, which waits for b: held. It will not come up by itself; `overseer why b` says what to do.',
  ],
  [{ waitsFor: [blocker({ name: 'a', state: 'starting' })] }, 'Waiting for db, which waits for a: starting.'],
])('a job that waits for %j says so', (given, words) => {
  expect(said({ kind: 'waitsFor', jobs: [blocker(given)] })).toBe(words);
});

test('a job that waits for several names each of them, and a long chain from its near end', () => {
  const chain = blocker({
    name: 'a',
    waitsFor: [
      blocker({ name: 'b', waitsFor: [blocker({ name: 'c', state: 'held' })] }),
      blocker({ name: 'x' }),
    ],
  });
  expect(said({ kind: 'waitsFor', jobs: [blocker({ state: 'starting' }), chain] })).toBe(
    'Waiting for db: starting. Waiting for a, which waits for b, which waits for c: held.',
  );
});
