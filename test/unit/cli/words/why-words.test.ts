import { whySentences } from '../../../../src/cli/words/why-words.ts';
import type { Blocker, WhyFact } from '../../../../src/plan/why-fact.ts';

const told = (...because: readonly WhyFact[]): readonly string[] =>
  whySentences({ because, status: { name: 'web' } } as never, (at) => `<${at}>`);

const blocker = (name: string, seen: Partial<Blocker> = {}): Blocker => ({
  name,
  state: 'starting',
  needs: 'running',
  detail: null,
  age: null,
  isStuck: false,
  waitsFor: [],
  ...seen,
});

const FAULT = { kind: 'fault', at: 'then', message: 'EMFILE', count: 1, isRefusal: true } as const;
const STOPPING = { kind: 'stopping', why: '', stopTimeoutMs: 10_000, killedAt: null } as const;
const ENDED = { kind: 'ended', code: 3, signal: null, failures: 1 } as const;
const OVER = { kind: 'overMemory', bytes: 3e6, maxBytes: 2e6, isOver: true } as const;

test.each<[WhyFact, readonly string[]]>([
  [{ kind: 'running', test: null }, ['It is running.']],
  [{ kind: 'running', test: { verdict: null, detail: '' } }, ['It is running.', 'Its test has not run yet.']],
  [
    { kind: 'running', test: { verdict: 'pass', detail: 'exited with 0' } },
    ['It is running, and its test agrees: it exited with 0.'],
  ],
  [
    { kind: 'running', test: { verdict: 'unknown', detail: 'timed out' } },
    ['It is running.', 'Its test gave no answer, so nothing was changed because of it: it timed out.'],
  ],
  [{ kind: 'changePending' }, ['Its config has changed, but its test has not yet allowed the restart.']],
  [FAULT, ['The system refused overseer something for this job at <then>: EMFILE.']],
  [
    { ...FAULT, count: 2 },
    ['The system refused overseer something for this job 2 times, last at <then>: EMFILE.'],
  ],
  [
    { ...FAULT, isRefusal: false },
    [
      'overseer itself failed at something for this job at <then>: EMFILE.',
      "That is a bug of overseer's; overseerd.log in the data folder says where, please report it.",
    ],
  ],
  [{ kind: 'restartedForFile', file: 'a.js' }, ['It was restarted because a.js changed.']],
  [{ kind: 'watch', remark: 'too many folders' }, ['Its watch: too many folders.']],
  [
    { kind: 'lostLog', path: '/logs/web.log', is: null },
    ['Its log was deleted: what it prints is lost until `overseer restart web` begins a new log.'],
  ],
  [
    { kind: 'lostLog', path: '/logs/web.log', is: 'folder' },
    [
      'Its log is lost: /logs/web.log is a folder now. Move it away; then `overseer restart web` begins a new log.',
    ],
  ],
  [
    { kind: 'settling', startMs: 1_500, hasReady: false },
    ['It has just been started.', 'It counts as running when it has lived for 1.5 s.'],
  ],
  [
    { kind: 'settling', startMs: 1_000, hasReady: true },
    ['It has just been started.', 'It counts as running when it has lived for 1 s and is ready.'],
  ],
  [
    { kind: 'probing', notReady: null, readyTimeoutMs: 60_000 },
    [
      'It waits to be ready.',
      'When it is not ready within 60 s, it counts as a failed start and is stopped.',
    ],
  ],
  [
    { kind: 'probing', notReady: 'localhost:80: refused', readyTimeoutMs: 60_000 },
    [
      'It waits to be ready: localhost:80: refused.',
      'When it is not ready within 60 s, it counts as a failed start and is stopped.',
    ],
  ],
  [STOPPING, ['It is being stopped: its process group has been signalled.', 'It is killed after 10 s.']],
  [
    { ...STOPPING, why: 'stopped by hand', killedAt: 'then' },
    [
      'It is being stopped (stopped by hand): its process group has been signalled.',
      'It is killed at <then>, unless it is gone by then.',
    ],
  ],
  [{ kind: 'testing' }, ['Its test is running; what it says decides.']],
  [{ kind: 'held', verdict: null, detail: '' }, ['Its test has not said yet that it should be running.']],
  [
    { kind: 'held', verdict: 'unknown', detail: 'timed out' },
    ['Its test gave no answer, so it is not started: it timed out.'],
  ],
  [
    { kind: 'held', verdict: 'fail', detail: 'exited with 1' },
    ['Its test exited with 1, so it should not be running.'],
  ],
  [{ kind: 'nextTest', everyMs: null, at: null }, ['The test runs again at each `overseer`.']],
  [
    { kind: 'nextTest', everyMs: 5_000, at: 'then' },
    ["The test runs again every 5 s and at each `overseer`, and when the job's time has come: <then>."],
  ],
  [{ kind: 'stoppedByHand' }, ['It was stopped by hand, and stays so until `overseer start web`.']],
  [{ kind: 'disabled' }, ['It is disabled in the config: only `overseer start web` starts it.']],
  [ENDED, ['Its last run exited with 3.']],
  [{ ...ENDED, failures: 2 }, ['Its last run exited with 3, 2 failures in a row.']],
  [
    { kind: 'finished', restart: 'never' },
    [
      'Its restart policy is "never", so it is not started again.',
      '`overseer start web` runs it once more; so does a change of its config.',
    ],
  ],
  [{ kind: 'notStarted', why: 'no such file' }, ['It could not be started: no such file.']],
  [
    { kind: 'unhealthy', why: 'refused', isOver: true },
    ['It was restarted because its alive check failed: refused.'],
  ],
  [
    { kind: 'unhealthy', why: 'refused', isOver: false },
    ['It was stopped because its alive check failed: refused.'],
  ],
  [OVER, [expect.stringMatching(/^It was restarted because .*3 MB.*2 MB.*\.$/) as never]],
  [{ kind: 'testUnknown', detail: 'timed out' }, ['Its test gave no answer: it timed out.']],
  [
    { kind: 'testUnknown', detail: 'ended by SIGKILL' },
    ['Its test gave no answer: it was ended by SIGKILL.'],
  ],
  [
    { kind: 'ended', code: null, signal: 'SIGSEGV', failures: 2 },
    ['Its last run was ended by SIGSEGV, 2 failures in a row.'],
  ],
  [
    { kind: 'ended', code: null, signal: null, failures: 1 },
    ['Its last run exited while no daemon was running; its exit code is unknown.'],
  ],
  [
    { kind: 'hookFailed', state: 'failed', at: 'then', detail: 'ended by SIGKILL' },
    ['Its hook for failed failed at <then>: it was ended by SIGKILL.'],
  ],
  [
    { kind: 'held', verdict: 'unknown', detail: 'ended by SIGKILL' },
    ['Its test gave no answer, so it is not started: it was ended by SIGKILL.'],
  ],
  [
    { kind: 'failed', hasRun: false },
    ['It is started afresh by the next `overseer`, or by `overseer start web`.'],
  ],
  [
    { kind: 'failed', hasRun: true },
    [
      'It is started afresh by the next `overseer`, or by `overseer start web`; ' +
        '`overseer logs web` shows what it printed.',
    ],
  ],
  [{ kind: 'startsAgain', at: null }, ['It starts again at once; `overseer start web` does so now.']],
  [{ kind: 'startsAgain', at: 'then' }, ['It starts again at <then>; `overseer start web` does so now.']],
  [
    { kind: 'scheduled', schedule: 'every 10m', at: 'then' },
    ['Its schedule is "every 10m"; its next run is at <then>.', '`overseer start web` runs it now.'],
  ],
  [
    { kind: 'scheduled', schedule: '0 0 30 2 *', at: null },
    ['Its schedule is "0 0 30 2 *"; such a time never comes.', '`overseer start web` runs it now.'],
  ],
])('of %j why says %j', (fact, sentences) => {
  expect(told(fact)).toEqual(sentences);
});

test('why names a process group that SIGKILL does not end, if the group is known', () => {
  expect(told({ kind: 'killing', group: 70 })[0]).toContain('(process group 70)');
  expect(told({ kind: 'killing', group: null })).toEqual([
    expect.stringMatching(
      /^It was killed, but something of it lives on \(process group unknown\): it waits for/,
    ),
    'It is killed again each second; no second copy is started meanwhile.',
  ]);
});

test('facts are told one after the other', () => {
  expect(told(ENDED, { kind: 'testing' }).length).toBe(2);
  expect(told()).toEqual([]);
});

test.each<[Blocker, readonly string[]]>([
  [blocker('db'), ['Waiting for db: starting.']],
  [
    blocker('db', { state: 'stopped', detail: 'stopped by hand', age: 192_000, isStuck: true }),
    ['Waiting for db: stopped by hand 3m 12s ago.', '`overseer start db` starts it.'],
  ],
  [
    blocker('db', { state: 'failed', detail: 'exited with 3', isStuck: true }),
    [
      'Waiting for db: failed, exited with 3.',
      'It will not come up by itself; `overseer why db` says what to do.',
    ],
  ],
  [blocker('db', { detail: '' }), ['Waiting for db: starting.']],
  [
    blocker('db', { state: 'running', needs: 'finished', age: 1_000 }),
    ['Waiting for db: running for 1s; it has to finish first.'],
  ],
  [
    blocker('db', { state: 'running', needs: 'finished', detail: 'pid 4', age: 1_000, isStuck: true }),
    [
      'Waiting for db: running for 1s; it never finishes, since it is started again whenever it ends.',
      'With `restart = "never"` it finishes; `is = "running"` waits for its start only.',
    ],
  ],
  [blocker('db', { state: 'running' }), ['Waiting for db: running.']],
  [blocker('db', { needs: 'finished' }), ['Waiting for db: starting.']],
  [
    blocker('app', {
      state: 'waiting',
      waitsFor: [blocker('one'), blocker('two', { isStuck: true, state: 'held' })],
    }),
    [
      'Waiting for app, which waits for two: held.',
      'It will not come up by itself; `overseer why two` says what to do.',
    ],
  ],
  [
    blocker('app', { state: 'waiting', waitsFor: [blocker('one'), blocker('two')] }),
    ['Waiting for app, which waits for one: starting.'],
  ],
])('who waits for %j is reported %j', (job, sentences) => {
  expect(told({ kind: 'waitsFor', jobs: [job] })).toEqual(sentences);
});
