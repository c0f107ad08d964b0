import { loginWords } from '../../../../src/cli/words/login-words.ts';
import { exitWords, stateWithExit } from '../../../../src/cli/words/state-words.ts';
import { stuckWords } from '../../../../src/cli/words/stuck-words.ts';
import type { Blocked, Waited } from '../../../../src/wire/messages.ts';

const EXIT = { code: 3, signal: null };
const blocked = (name: string, seen: Partial<Blocked> = {}): Blocked => ({
  name,
  state: 'failed',
  exit: null,
  never: null,
  ...seen,
});
const stuck = (...because: readonly Blocked[]): Waited['stuck'][number] => ({
  job: 'web',
  state: because[0]?.state ?? 'failed',
  because,
});

test.each<[Waited['stuck'], string]>([
  [[{ job: 'web', state: null, because: [] }], 'web was removed'],
  [[stuck()], 'web is failed'],
  [[stuck(blocked('web', { exit: EXIT }))], 'web is failed: exited with 3'],
  [[stuck(blocked('web', { exit: { code: null, signal: 'SIGKILL' } }))], 'web is failed: ended by SIGKILL'],
  [[stuck(blocked('web', { exit: { code: null, signal: null } }))], 'web is failed'],
  [
    [stuck(blocked('web', { state: 'running', never: 'restarts' }))],
    'web is running and is started again whenever it ends',
  ],
  [
    [stuck(blocked('web', { state: 'waiting', never: 'scheduled' }))],
    'web runs on a schedule and is waiting again after each run',
  ],
  [
    [stuck(blocked('web', { state: 'running', never: 'untested', exit: EXIT }))],
    'web is running and has no test',
  ],
  [
    [stuck(blocked('web', { state: 'waiting' }), blocked('db', { exit: EXIT }))],
    'web waits for db, which is failed: exited with 3',
  ],
  [
    [stuck(blocked('web', { state: 'waiting' }), blocked('app', { state: 'waiting' }), blocked('db'))],
    'web waits for app, which waits for db, which is failed',
  ],
  [
    [stuck(blocked('web'), blocked('a'), blocked('b'), blocked('c', { state: 'stopped' }))],
    'web waits for a, which waits for b, which waits for c, which is stopped',
  ],
  [[{ job: 'a', state: null, because: [] }, stuck()], 'a was removed, web is failed'],
])('of %j it is said: %s', (all, words) => {
  expect(stuckWords(all)).toBe(words);
});

test('an exit is reported by its signal, its code, or as unseen', () => {
  expect(
    [{ code: null, signal: 'SIGKILL' }, EXIT, { code: 0, signal: null }, { code: null, signal: null }].map(
      exitWords,
    ),
  ).toEqual(['SIGKILL', 'exit 3', 'exit 0', 'ended unseen']);
  expect(exitWords({ code: null, signal: 'a\u001b[2J' })).toBe(String.raw`a\e[2J`);
});

test('a state has its last exit where that explains it', () => {
  const of = (state: string, seen: object = {}): string =>
    stateWithExit({ state, lastExit: EXIT, lastRunFailed: false, ...seen } as never);
  expect([
    of('backoff'),
    of('failed'),
    of('waiting'),
    of('waiting', { lastRunFailed: true }),
    of('stopped'),
  ]).toEqual(['backoff (exit 3)', 'failed (exit 3)', 'waiting', 'waiting (exit 3)', 'stopped']);
  expect(of('failed', { lastExit: null })).toBe('failed');
});

test('a problem with the login session of the daemon is reported, an unknown word is ignored', () => {
  const words = (login: unknown): string | null =>
    loginWords({ ok: true, changes: [], problems: [], login } as never);
  expect([words(undefined), words('something new')]).toEqual([null, null]);
  expect(words('ended')).toMatch(
    /^the daemon belongs to an earlier login, .*: `overseer die`, then `overseer`$/,
  );
  expect(words('no-names')).toMatch(/^the daemon finds no DNS; .*: `overseer die`, then `overseer`$/);
});
