import { asIso, changeJson, changeWords, reportJson } from '../../../../src/cli/words/change-words.ts';
import type { ChangeFact } from '../../../../src/plan/change.ts';
import { change } from '../../../support/sample-replies.ts';

const AT = '2026-01-01T00:00:00.000Z';

test.each<[ChangeFact, string]>([
  [{ kind: 'keysChanged', keys: ['env', 'cwd'] }, 'env, cwd changed'],
  [{ kind: 'fileChanged', file: 'a.js' }, 'a.js changed'],
  [{ kind: 'tested', detail: 'exited with 1' }, 'test exited with 1'],
  [{ kind: 'stoppedByHand' }, 'stopped by hand'],
  [{ kind: 'disabled' }, 'disabled in the config'],
  [{ kind: 'wasNotRunning' }, 'was not running'],
  [{ kind: 'alreadyRunning' }, 'already running'],
  [{ kind: 'removedMeanwhile' }, 'removed meanwhile'],
  [{ kind: 'oneAtATime' }, 'one copy at a time'],
  [{ kind: 'waitsForTurn' }, 'waits for its turn'],
  [{ kind: 'rollStopped', by: 'web@1', state: 'failed' }, 'not replaced, because web@1 is failed'],
  [{ kind: 'notInConfig' }, 'the config no longer names it'],
  [{ kind: 'notStarted', why: 'no such file' }, 'no such file'],
  [{ kind: 'unhealthy', why: 'refused' }, 'its alive check failed: refused'],
  [{ kind: 'overMemory', bytes: 3e6, maxBytes: 2e6 }, 'its memory was 3 MB, above the 2 MB of max_memory'],
  [{ kind: 'ended', code: 3, signal: null }, 'exited with 3'],
  [{ kind: 'failed' }, 'failed'],
  [{ kind: 'nextStart', inMs: 400 }, 'next start in 0.4 s'],
  [
    {
      kind: 'waitsForJobs',
      jobs: [
        { name: 'db', state: 'stopped' },
        { name: 'mq', state: 'held' },
      ],
    },
    'waiting for db (stopped), mq (held)',
  ],
  [{ kind: 'killed', afterMs: 2_500 }, 'did not stop within 2.5 s, so it was killed'],
  [{ kind: 'waitsForTime', at: AT }, `next run ${AT}`],
])('the fact %j is said as: %s', (fact, words) => {
  expect(changeWords([fact], asIso)).toBe(words);
});

test('facts are clauses of one sentence, and the next start belongs to the end before it', () => {
  const next = { kind: 'nextStart', inMs: 400 } as const;
  const ended = { kind: 'ended', code: 3, signal: null } as const;
  expect([
    changeWords([], asIso),
    changeWords([{ kind: 'keysChanged', keys: ['env'] }, ended, next], asIso),
    changeWords([{ kind: 'notStarted', why: 'no' }, next], asIso),
    changeWords([{ kind: 'disabled' }, next], asIso),
    changeWords([{ kind: 'waitsForTime', at: AT }], () => '12:00'),
  ]).toEqual([
    '',
    'env changed; exited with 3, next start in 0.4 s',
    'no, next start in 0.4 s',
    'disabled in the config; next start in 0.4 s',
    'next run 12:00',
  ]);
});

test('a report as JSON has its changes with their words, and its problems without the excerpt', () => {
  const stopped = change({
    job: 'db',
    action: 'stop',
    reason: 'by-hand',
    state: 'stopped',
    pid: null,
    detail: 'x',
  });
  expect(changeJson(stopped)).toEqual({
    job: 'db',
    action: 'stop',
    reason: 'by-hand',
    detail: 'x',
    state: 'stopped',
    pid: null,
  });
  const problem = { file: 'a.toml', line: 1, column: 2, message: 'm' };
  expect(
    reportJson({
      ok: false,
      changes: [stopped],
      problems: [{ ...problem, excerpt: '| x' }],
      notes: ['n'],
      login: 'ended',
    }),
  ).toEqual({ ok: false, changes: [changeJson(stopped)], problems: [problem] });
});
