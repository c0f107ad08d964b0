import { CHILD, control, running, snapshot } from '../../support/child-bench.ts';

test('an adopted child is polled each second, and its end is read from its record', () => {
  const { child, clock, posted, state, done } = control({ restart: 'never' });
  child.adopt(5, { ...CHILD, program: 71 });
  clock.advance(10_000);
  expect(posted).toEqual([]);
  state.group = 'leaderless';
  state.recorded = { code: 7, signal: null };
  clock.advance(999);
  expect(posted).toEqual([]);
  clock.advance(1);
  expect([posted, done, clock.pending]).toEqual([
    [{ type: 'ChildExited', run: 5, code: 7, signal: null, at: '1970-01-01T00:00:11.000Z' }],
    ['read /exits/web/5'],
    0,
  ]);
});

test('the end of an adopted child without a record is unknown, and told at once where it is gone', () => {
  const { child, clock, posted, state, done } = control();
  state.group = 'gone';
  state.recorded = { code: 7, signal: null };
  child.adopt(5, CHILD);
  expect([posted, done, clock.pending]).toEqual([
    [{ type: 'ChildExited', run: 5, code: null, signal: null, at: '1970-01-01T00:00:00.000Z' }],
    [],
    0,
  ]);
});

test('the end of an adopted child is seen when it is asked for, and posted once', () => {
  const { child, clock, posted, state } = control();
  expect(child.seesEnd()).toBe(false);
  child.adopt(5, CHILD);
  expect([child.seesEnd(), posted]).toEqual([false, []]);
  state.group = 'gone';
  expect([child.seesEnd(), posted.map(({ type }) => type)]).toEqual([true, ['ChildExited']]);
  child.stop(snapshot({ run: 5, ending: 'itself' }), 'SIGTERM');
  expect(child.seesEnd()).toBe(false);
  clock.advance(0);
  expect(posted.map(({ type }) => type)).toEqual(['ChildExited', 'GroupGone']);
  child.leave();
  expect(child.seesEnd()).toBe(false);
});

test('an adopted child is stopped without a launch, and a launch of another run goes on', () => {
  for (const { child, clock, done } of [control(), running()]) {
    child.stop(snapshot({ run: 9 }), 'SIGTERM');
    clock.advance(0);
    expect(done).toEqual(['SIGTERM to all of 70', 'SIGCONT to group 70']);
  }
  const { child, posted } = control();
  child.stop(snapshot({ child: null }), 'SIGTERM');
  expect(posted).toEqual([{ type: 'GroupGone', run: 1 }]);
});

test('a launched child is adopted with the exit that was announced, or waited for if none was', () => {
  const [told, silent] = [running(), running()];
  told.launches[0]?.on.exited({ code: 3, signal: null }, null);
  for (const each of [told, silent]) {
    each.posted.length = 0;
    each.state.group = 'gone';
    each.child.adopt(1, CHILD);
  }
  expect([told.posted, silent.posted]).toMatchObject([[{ type: 'ChildExited', run: 1, code: 3 }], []]);
  silent.clock.advance(4_999);
  expect(silent.posted).toEqual([]);
  silent.clock.advance(1);
  expect(silent.posted).toMatchObject([{ type: 'ChildExited', run: 1, code: null }]);
});
