import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { LogPolicy } from '../../../../src/config/config.ts';
import { keptLogs, LOOK_MS } from '../../../support/kept-logs.ts';

test('a quiet log is polled again when the process that writes it ends, and no other log is', () => {
  const { begin, rest, end, at, clock } = keptLogs();
  begin(['web.log']);
  rest(10);
  end(at('other.log'));
  expect(clock.pending).toBe(0);
  end(at('web.log'));
  expect(clock.pending).toBe(1);
});

test('a log whose writer could not be started is polled until it has one', () => {
  let lacks = true;
  const { begin, rest, clock } = keptLogs({ writers: { lacks: () => lacks } });
  begin(['web.log']);
  rest(10);
  expect(clock.pending).toBe(1);
  lacks = false;
  rest(10);
  expect(clock.pending).toBe(0);
});

test('the log of an adopted job that loses its writer is polled again', () => {
  let lacks = false;
  const { begin, rest, clock, state } = keptLogs({ writers: { lacks: () => lacks } });
  begin(['web.log'], {}, clock.wall() - 1);
  rest(10);
  // Its writer is checked every two seconds.
  expect(clock.pending).toBe(1);
  lacks = true;
  rest(2);
  expect(clock.pending).toBe(2);
  // Once the job has ended, nobody is left to check.
  state.logs = [];
  rest(4);
  expect(clock.pending).toBe(0);
});

test('nothing is polled any more after the end', () => {
  const adopted = keptLogs();
  adopted.begin(['web.log'], {}, adopted.clock.wall() - 1);
  adopted.rest(10);
  const polled = keptLogs();
  polled.begin(['web.log']);
  for (const { keeper, clock } of [adopted, polled]) {
    keeper.end();
    keeper.wake('web.log');
    expect(clock.pending).toBe(0);
  }
});

test('a job that is gone is polled no more, and another of its name is new', () => {
  const { keeper, begin, rest, at, said, state, clock, folder } = keptLogs();
  const deletes = (policy: Partial<LogPolicy>): void => {
    begin(['web.log'], policy);
    rmSync(at('web.log'));
    rest(1);
  };
  deletes({});
  state.logs = [];
  keeper.forget('web.log', at('web.log'), null);
  expect(said.length).toBe(1);
  rest(1);
  expect(clock.pending).toBe(0);
  for (const name of ['web.log.idx', 'web.log.7']) writeFileSync(at(name), '');
  deletes({ rotate: 'pause', keep: 1 });
  expect([said.length, readdirSync(folder)]).toEqual([2, ['web.log.idx']]);
  expect(readFileSync(at('web.log.idx'), 'utf8').split('\n')).toHaveLength(2);
});

test('of many logs that become quiet together, a hundred are given a watch at each poll', () => {
  const { begin, watched, clock } = keptLogs();
  begin(Array.from({ length: 101 }, (_, index) => `${index}.log`));
  while (watched.length === 0) clock.advance(LOOK_MS);
  expect([watched.length, clock.pending]).toEqual([100, 1]);
  clock.advance(LOOK_MS);
  expect([watched.length, clock.pending]).toEqual([101, 0]);
});

test('a log is polled for five seconds after it has grown, and then no more', () => {
  const { begin, rest, clock, watched } = keptLogs();
  begin(['web.log']);
  rest(4.5);
  expect([clock.pending, watched]).toEqual([1, []]);
  rest(0.5);
  expect([clock.pending, watched]).toEqual([0, ['web.log']]);
});

test('a log that grows while its watch begins is polled on', () => {
  let grows = true;
  const { begin, rest, clock } = keptLogs({
    onWatch: (path) => {
      if (grows) appendFileSync(path, 'more');
    },
  });
  begin(['web.log']);
  rest(5);
  expect(clock.pending).toBe(1);
  grows = false;
  rest(6);
  expect(clock.pending).toBe(0);
});

test('the writer of a running job is looked after at each poll, and that of no other', () => {
  const tended: unknown[] = [];
  const { begin, rest, state, keeper, at } = keptLogs({
    writers: { tend: (...words) => tended.push(words) },
  });
  begin(['web.log']);
  const [log] = state.logs;
  expect(tended).toEqual([[at('web.log'), log?.child]]);
  state.logs = [{ ...log!, child: null }];
  keeper.wake('web.log');
  rest(1);
  expect(tended.length).toBe(1);
});

test.each([
  ['began with this daemon', 0, [0, 0]],
  ['an earlier daemon began', -1, [1, 1]],
])('the writers of a job that %s are checked while its log is quiet: %j', (_, since, [pending, more]) => {
  let tended = 0;
  const { begin, rest, clock } = keptLogs({ writers: { tend: () => (tended += 1) } });
  begin(['web.log'], {}, clock.wall() + since);
  rest(10);
  const before = tended;
  rest(2);
  expect([clock.pending, tended - before]).toEqual([pending, more]);
});

test('the writers of a job that has ended, or was begun again, are checked no more', () => {
  for (const child of [null, { pgid: 7, since: Infinity, isOurs: () => true, isOvertaken: () => false }]) {
    let tended = 0;
    const { begin, rest, clock, state } = keptLogs({ writers: { tend: () => (tended += 1) } });
    begin(['web.log'], {}, clock.wall() - 1);
    rest(10);
    const before = tended;
    state.logs = state.logs.map((log) => ({ ...log, child }));
    rest(4);
    expect([clock.pending, tended - before]).toEqual([0, 0]);
  }
});

test('the end of the writer of a job that is gone polls nothing', () => {
  const { begin, rest, keeper, end, at, clock } = keptLogs();
  begin(['web.log']);
  rest(10);
  keeper.forget('web.log', at('web.log'), null);
  end(at('web.log'));
  expect(clock.pending).toBe(0);
});

test('a config for a job that has no log polls nothing', () => {
  const { keeper, clock } = keptLogs();
  keeper.configure('gone');
  expect(clock.pending).toBe(0);
});

test('leftovers beside a log are looked for once, and when its policy has changed', () => {
  const { begin, rest, at, state, keeper, folder } = keptLogs();
  begin(['web.log'], { rotate: 'pause', maxBytes: 100 });
  writeFileSync(at('web.log.7'), '');
  rest(10);
  keeper.wake('web.log');
  rest(1);
  expect(readdirSync(folder)).toContain('web.log.7');
  state.logs = state.logs.map((log) => ({ ...log, policy: { ...log.policy, keep: 3 } }));
  keeper.configure('web.log');
  rest(1);
  expect(readdirSync(folder)).not.toContain('web.log.7');
});

test('a keeper without writers forgets a job as well', () => {
  const { begin, keeper, at, clock, state, rest } = keptLogs({ writers: null });
  begin(['web.log'], {}, clock.wall() - 1);
  rest(10);
  expect(clock.pending).toBe(0);
  keeper.wake('web.log');
  state.logs = [];
  keeper.forget('web.log', at('web.log'), null);
  rest(1);
  expect(clock.pending).toBe(0);
});
