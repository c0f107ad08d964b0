import type { Marker, SpawnedChild } from '../../../../src/job/ports.ts';
import { EscapedProcesses, type FoundBy } from '../../../../src/job/processes/escaped-processes.ts';
import { Listings } from '../../../../src/job/processes/listings.ts';
import type { Os } from '../../../../src/os/os.ts';
import { CannotAsk } from '../../../../src/os/system-error.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { BOOT, ListedMachine } from '../../../support/listed-machine.ts';

const MARKER: Marker = { present: { OVERSEER_JOB: 'web' }, absent: [], log: '/logs/web' };
const CHILD: SpawnedChild = { pid: 100_001, start: '100001', boot: BOOT };
const WRITER = 100_050;

/** A machine where processes that are signalled end, unless they are stubborn, and hide their environment. */
function stage({ refusals = 0 } = {}) {
  const clock = new FakeClock();
  const machine = new ListedMachine(0);
  const writers: number[] = [];
  const stubborn = new Set<number>();
  const sent: string[] = [];
  const answers: (() => void)[] = [];
  let left = refusals;
  const os: Os = {
    ...machine.os,
    later: {
      ...machine.os.later,
      processesWithEnv: (name, among, done) => {
        if ((left -= 1) >= 0) done(new CannotAsk('EMFILE'));
        else machine.os.later.processesWithEnv(name, among, done);
      },
      writers: (logs, done) =>
        void answers.push(() =>
          done(new Map(logs.map((log) => [log, log === '/logs/web' ? [...writers] : []]))),
        ),
    },
  };
  const escaped = new EscapedProcesses({
    os,
    listings: new Listings({ os, now: () => (machine.now += 1) }),
    clock,
    signals: {
      group: () => 'gone',
      process: (pid, signal) => {
        sent.push(`${signal} ${pid}`);
        if (signal === 'SIGKILL' || !stubborn.has(pid)) {
          machine.processes.delete(pid);
          writers.splice(0, writers.length, ...writers.filter((each) => each !== pid));
        }
        return 'sent';
      },
    },
  });
  const write = (pid: number, start = `${pid}`): void => {
    machine.add(pid, { start });
    writers.push(pid);
  };
  /** Lets the system answer, and this much time pass. */
  const pass = (ms: number): void => {
    for (let at = 0; at < ms; at += 5) {
      for (const answer of answers.splice(0)) answer();
      clock.advance(5);
    }
  };
  return { clock, machine, os, escaped, write, writers, stubborn, sent, pass };
}

test('a process that writes to the log of a job is ended before the job starts again', () => {
  const { escaped, write, sent, pass } = stage();
  write(WRITER);
  let isClear = false;
  escaped.clear(MARKER, () => (isClear = true));
  expect([sent, isClear]).toEqual([[], false]);
  pass(1_000);
  expect([sent, isClear]).toEqual([[`SIGTERM ${WRITER}`], true]);
});

test('a writer that ignores SIGTERM is killed after two seconds', () => {
  const { escaped, write, stubborn, sent, pass } = stage();
  write(WRITER);
  stubborn.add(WRITER);
  let isClear = false;
  escaped.clear(MARKER, () => (isClear = true));
  pass(1_900);
  expect([new Set(sent), isClear]).toEqual([new Set([`SIGTERM ${WRITER}`]), false]);
  pass(2_000);
  expect([sent.at(-1), isClear]).toEqual([`SIGKILL ${WRITER}`, true]);
});

test('who has got the pid of a writer by the time of the answer is not signalled', () => {
  const { escaped, machine, write, writers, sent, pass } = stage();
  write(WRITER);
  let isClear = false;
  escaped.clear(MARKER, () => (isClear = true));
  pass(5);
  // Between two answers it has ended, and a stranger has its pid.
  writers.length = 0;
  machine.add(WRITER, { start: 'later' });
  pass(1_000);
  expect([sent, isClear, machine.processes.has(WRITER)]).toEqual([[], true, true]);
});

test('a job without a log has no writers, and starts at once', () => {
  const { escaped, write, sent } = stage();
  write(WRITER);
  let isClear = false;
  escaped.clear({ present: MARKER.present, absent: [] }, () => (isClear = true));
  expect([sent, isClear]).toEqual([[], true]);
});

test('a search that the system refuses is made again a moment later', () => {
  const { escaped, machine, sent, pass } = stage({ refusals: 2 });
  machine.add(WRITER, {}, MARKER.present);
  let isClear = false;
  escaped.clear(MARKER, () => (isClear = true));
  expect([isClear, sent]).toEqual([false, []]);
  pass(2_000);
  expect(sent).toEqual([`SIGTERM ${WRITER}`]);
});

test('once every other sign of a child is gone, who writes to its log keeps it from being over', () => {
  const { escaped, machine, os, write, sent, pass } = stage();
  const listings = new Listings({ os, now: () => machine.now });
  const by: FoundBy = { marker: MARKER, isNumberOwn: false, goneAt: null };
  const view = { view: listings.sure, asOf: 'of late', after: -Infinity } as const;
  const live = (): boolean | string => {
    try {
      return escaped.live(CHILD, by, listings.sure);
    } catch (error) {
      return (error as Error).name;
    }
  };
  // One that is not followed has nothing that left it.
  expect(live()).toBe(false);
  expect(escaped.find(CHILD, by, view)).toEqual([]);
  write(WRITER);
  // Who it is, is certain only when it was told twice.
  const answers: unknown[] = [];
  for (let count = 0; count < 6 && answers.at(-1) !== true; count += 1) {
    answers.push(live());
    pass(5);
  }
  expect([answers, sent]).toEqual([['CannotAsk', 'CannotAsk', 'CannotAsk', true], [`SIGTERM ${WRITER}`]]);
  expect(escaped.forget(CHILD)).toBe(true);
  expect([escaped.forget(CHILD), live()]).toEqual([false, false]);
});
