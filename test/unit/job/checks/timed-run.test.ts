import { runTimed } from '../../../../src/job/checks/timed-run.ts';
import type { Processes, TestEnd } from '../../../../src/job/ports.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const END: TestEnd = { code: 0, signal: null, error: null, output: '' };

/** A run of a program with 2 s, which has its process once `begin` is called. */
function timed() {
  const clock = new FakeClock(0);
  const told: boolean[] = [];
  let ended = 0;
  let done: (end: TestEnd) => void = () => undefined;
  let begun: () => void = () => undefined;
  const processes = {
    runTest: (_program, ...on) => {
      [done, begun = () => undefined] = on;
      return { end: () => (ended += 1) };
    },
  } as Pick<Processes, 'runTest'> as Processes;
  const run = runTimed({
    processes,
    clock,
    program: { exe: 'check', args: [], cwd: '/', env: {} },
    limitMs: 2_000,
    done: (_end, isTimedOut) => told.push(isTimedOut),
  });
  return { run, clock, told, begin: () => begun(), finish: () => done(END), endings: () => ended };
}

test('a program whose time is over is ended, and its end says so', () => {
  const { run, begin, finish, clock, told, endings } = timed();
  begin();
  expect(clock.pending).toBe(0);
  run.timeOut();
  expect([endings(), told]).toEqual([1, []]);
  finish();
  expect(told).toEqual([true]);
});

test('a program that waited for its turn when its time was over has it all from its begin', () => {
  const { run, begin, finish, clock, told, endings } = timed();
  run.timeOut();
  clock.advance(60_000);
  begin();
  clock.advance(1_999);
  expect(endings()).toBe(0);
  clock.advance(1);
  expect(endings()).toBe(1);
  finish();
  expect(told).toEqual([true]);
});

test('a program that ends before its time is not told to be late, and leaves no timer', () => {
  const { run, begin, finish, clock, told, endings } = timed();
  run.timeOut();
  begin();
  finish();
  expect([told, clock.pending, endings()]).toEqual([[false], 0, 0]);
});

test('a program that nobody waits for any more is ended once, and leaves no timer', () => {
  const { run, begin, clock, endings } = timed();
  run.timeOut();
  begin();
  run.end();
  expect([endings(), clock.pending]).toEqual([1, 0]);
});

test('a program is ended also where its time has never been over', () => {
  const { run, begin, endings } = timed();
  begin();
  run.end();
  expect(endings()).toBe(1);
});
