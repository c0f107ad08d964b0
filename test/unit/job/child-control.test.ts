import { jest } from '@jest/globals';
import type { Job } from '../../../src/config/config.ts';
import { CHILD, control, running, snapshot } from '../../support/child-bench.ts';
import { LEAST_JOB } from '../../support/least-job.ts';

test('nothing is launched before the search for what an earlier daemon has left', () => {
  const { child, launches, searches } = control();
  child.spawn(1, false);
  expect([launches.length, searches.map(({ marker }) => marker.log)]).toEqual([0, ['/logs/web.log']]);
  child.spawn(2, false);
  expect(searches.length).toBe(1);
  searches[0]?.done();
  expect(launches.length).toBe(1);
  child.spawn(3, true);
  expect([launches.length, searches.length]).toEqual([2, 1]);
});

test('a search after a recorded end does not look for writers of the log', () => {
  const { child, searches } = control();
  child.spawn(1, true);
  expect(searches[0]?.marker).toEqual(expect.not.objectContaining({ log: expect.anything() }));
});

test('a start that is stopped during the search never begins, and its end is reported at once', () => {
  const { child, launches, searches, posted, done } = control();
  child.spawn(1, false);
  child.stop(snapshot({ child: null }), 'SIGTERM');
  expect([posted, done]).toEqual([[{ type: 'GroupGone', run: 1 }], ['forget /stdin/web']]);
  searches[0]?.done();
  expect(launches).toEqual([]);
  child.spawn(2, false);
  expect(launches.length).toBe(1);
});

test('a launch is given all that its job says', () => {
  const { launches } = running({ umask: 0o077, nice: 5, limits: { nofile: 9 }, stopTimeoutMs: 3 });
  expect(launches[0]?.request).toEqual({
    exe: 'node',
    args: [],
    cwd: '/home/me',
    env: { OVERSEER_JOB: 'web', OVERSEER_ID: 'f' },
    umask: 0o077,
    limits: { nofile: 9 },
    nice: 5,
    log: { path: '/logs/web.log', policy: LEAST_JOB.log },
    exits: '/exits/web',
    stdin: null,
    exitFile: null,
    stopTimeoutMs: 3,
  });
});

test.each<[string, Partial<Job>, object]>([
  ['the umask of the daemon', {}, { umask: 0o022 }],
  ['its standard input', { stdin: true }, { stdin: '/stdin/web' }],
  ['no record where it always comes back', { restart: 'always' }, { exitFile: null }],
  ['a record where it is to end', { restart: 'never' }, { exitFile: '/exits/web/1' }],
  ['a record where only failures bring it back', { restart: 'on-failure' }, { exitFile: '/exits/web/1' }],
  ['a record where it has a schedule', { schedule: {} as never }, { exitFile: '/exits/web/1' }],
])('a job is launched with %s', (_, change, wanted) => {
  expect(running(change).launches[0]?.request).toMatchObject(wanted);
});

test('a child is reported with its time, and where its log begins if a probe reads that', () => {
  const quiet = control();
  quiet.child.spawn(1, false);
  quiet.searches[0]?.done();
  quiet.clock.advance(5_000);
  quiet.launches[0]?.on.spawned({ ...CHILD, program: 71 });
  const event = { type: 'Spawned', run: 1, ...CHILD, program: 71, mark: 'f', at: '1970-01-01T00:00:05.000Z' };
  expect(quiet.posted).toEqual([event]);
  const probed = control({ ready: { kind: 'log', pattern: 'x' } as never });
  probed.child.spawn(1, false);
  probed.searches[0]?.done();
  probed.launches[0]?.on.spawned(CHILD);
  expect(probed.posted).toEqual([
    expect.objectContaining({ logFrom: '/logs/web.log'.length, logAfter: 'id of /logs/web.log.1' }),
  ]);
});

test('a program is let run only when its record is kept', () => {
  const { child, done, posted, launches, searches, state } = control();
  child.release(1);
  child.spawn(1, false);
  searches[0]?.done();
  expect([child.isAtGate(1), child.isAtGate(2)]).toEqual([true, false]);
  state.isKept = false;
  child.release(1);
  expect([done, child.isAtGate(1)]).toEqual([['cancel 1'], true]);
  expect(posted).toEqual([
    {
      type: 'SpawnFailed',
      run: 1,
      lasting: false,
      detail: 'its record could not be written, so it was not let run',
    },
  ]);
  // Its program has not run, so how its shell ended is no exit of the job.
  launches[0]?.on.exited({ code: 0, signal: null }, null);
  expect(posted.length).toBe(1);
  state.isKept = true;
  child.spawn(2, false);
  child.release(2);
  expect([done.slice(1), child.isAtGate(2)]).toEqual([['cancel 1', 'release 2'], false]);
});

test('what earlier runs have recorded is not removed while the disk refuses what it told', () => {
  const { child, launches, searches, state } = control();
  state.isKept = false;
  child.spawn(1, false);
  searches[0]?.done();
  state.isKept = true;
  child.spawn(2, false);
  expect(launches.map(({ request }) => request.exits)).toEqual([null, '/exits/web']);
});

test('a launch that fails and a child that exits are told with their run', () => {
  const { launches, posted } = running();
  launches[0]?.on.failed({ detail: 'no such file', lasting: true });
  launches[0]?.on.exited({ code: 3, signal: null }, null);
  expect(posted).toEqual([
    { type: 'SpawnFailed', run: 1, detail: 'no such file', lasting: true },
    { type: 'ChildExited', run: 1, code: 3, signal: null, at: '1970-01-01T00:00:00.000Z' },
  ]);
});

test('a stop signals and wakes all processes of the child, then polls until none is left', () => {
  const { child, clock, done, posted, launches, state } = running();
  child.stop(snapshot({}), 'SIGTERM');
  // Not within the step that asked for it.
  expect(done).toEqual(['cancel 1']);
  clock.advance(0);
  expect(done.slice(1)).toEqual(['SIGTERM to all of 70', 'SIGCONT to group 70']);
  launches[0]?.on.exited({ code: null, signal: 'SIGTERM' }, null);
  posted.length = 0;
  state.group = 'leaderless';
  clock.advance(500);
  expect(posted).toEqual([]);
  state.group = 'gone';
  clock.advance(100);
  expect([posted, done.at(-1), clock.pending]).toEqual([
    [{ type: 'GroupGone', run: 1 }],
    'forget /stdin/web',
    0,
  ]);
});

test('SIGKILL needs no waking, and another stop takes the place of the first', () => {
  const { child, clock, done } = running();
  child.stop(snapshot({}), 'SIGTERM');
  child.stop(snapshot({}), 'SIGKILL');
  clock.advance(0);
  expect(done.filter((each) => each.startsWith('SIG'))).toEqual(['SIGKILL to all of 70']);
});

test('T-1305 the processes of a job are looked for as of the decision to stop it, not of its turn', () => {
  const { child, clock, state } = running();
  clock.advance(10);
  child.stop(snapshot({}), 'SIGTERM');
  const decidedAt = clock.monotonic();
  jest.spyOn(clock, 'monotonic').mockReturnValue(decidedAt + 5);
  clock.advance(0);
  expect(state.decidedAt).toBe(decidedAt);
});

test('a group that is gone before its exit was announced waits for it, until it is lost', () => {
  const { child, clock, posted, state } = running();
  state.group = 'gone';
  child.stop(snapshot({}), 'SIGTERM');
  clock.advance(4_999);
  expect(posted).toEqual([]);
  // It is polled once a second while its exit is to be announced.
  clock.advance(1_001);
  expect(posted).toEqual([
    expect.objectContaining({ type: 'ChildExited', run: 1, code: null, signal: null }),
    { type: 'GroupGone', run: 1 },
  ]);
});

test('for processes that an ended job left behind, there is no exit to wait for', () => {
  const { child, clock, posted, state } = running();
  state.group = 'gone';
  child.stop(snapshot({ ending: 'itself' }), 'SIGTERM');
  clock.advance(0);
  expect(posted).toEqual([{ type: 'GroupGone', run: 1 }]);
});

test('a child that was never reported is gone when its launch says so', () => {
  const { child, posted, cancelled, done } = running();
  child.stop(snapshot({ child: null }), 'SIGTERM');
  expect([posted, done]).toEqual([[], ['cancel 1']]);
  cancelled[0]?.();
  expect([posted, done.at(-1)]).toEqual([[{ type: 'GroupGone', run: 1 }], 'forget /stdin/web']);
  child.stop(snapshot({ child: null, run: 9 }), 'SIGTERM');
  expect(posted.at(-1)).toEqual({ type: 'GroupGone', run: 9 });
});

test('an exit is posted at once, and the end of the group when its output is in the log', () => {
  const { child, clock, posted, launches, lookedAt, state } = running();
  const drained: (() => void)[] = [];
  state.group = 'gone';
  launches[0]?.on.exited({ code: 0, signal: null }, (done) => drained.push(done));
  child.stop(snapshot({ ending: 'itself' }), 'SIGTERM');
  clock.advance(400);
  expect([posted.map(({ type }) => type), lookedAt]).toEqual([['ChildExited'], []]);
  drained[0]?.();
  clock.advance(0);
  expect([posted.map(({ type }) => type), lookedAt]).toEqual([['ChildExited', 'GroupGone'], [400]]);
});

test('the end of a group that is polled already is not posted before its output is in the log', () => {
  const { child, clock, posted, launches, state } = running();
  const drained: (() => void)[] = [];
  child.stop(snapshot({}), 'SIGTERM');
  clock.advance(0);
  state.group = 'gone';
  launches[0]?.on.exited({ code: 0, signal: null }, (done) => drained.push(done));
  clock.advance(450);
  expect(posted.map(({ type }) => type)).toEqual(['ChildExited']);
  drained[0]?.();
  clock.advance(0);
  expect(posted.map(({ type }) => type)).toEqual(['ChildExited', 'GroupGone']);
});

test('the world says whose group it is, and leaving ends the polls', () => {
  const { child, clock } = running();
  expect([child.owns(CHILD), child.owns({ ...CHILD, pid: 71 })]).toEqual([true, false]);
  child.adopt(1, CHILD);
  expect(clock.pending).toBe(1);
  child.leave();
  expect(clock.pending).toBe(0);
});

test('a start that waits for the search is at its gate, and is taken back with it', () => {
  const { child, searches, launches } = control();
  child.spawn(1, false);
  expect([child.isAtGate(1), child.isAtGate(2)]).toEqual([true, false]);
  child.takeBackLaunch();
  searches[0]?.done();
  expect(launches).toEqual([]);
});

test('a launch is taken back only while it waits at its gate', () => {
  const { child, searches, done } = control();
  expect(child.isAtGate(1)).toBe(false);
  child.takeBackLaunch();
  child.spawn(1, false);
  searches[0]?.done();
  child.takeBackLaunch();
  expect(done).toEqual(['cancel 1']);
  child.release(1);
  child.takeBackLaunch();
  expect(done).toEqual(['cancel 1', 'release 1']);
});

test.each([
  ['launched, whose exit will be announced', running, 1_000],
  ['adopted', control, 100],
])('a group that is ending is looked at at longest intervals: a child that was %s', (_case, make, mostMs) => {
  const { child, clock, lookedAt } = make();
  child.stop(snapshot({}), 'SIGTERM');
  clock.advance(10_000);
  expect((lookedAt.at(-1) ?? 0) - (lookedAt.at(-2) ?? 0)).toBe(mostMs);
});
