import type { JobEvent } from '../../../machines/job.ts';
import type { Job } from '../../../src/config/config.ts';
import { JobPrograms } from '../../../src/job/job-programs.ts';
import type { Program, TestEnd } from '../../../src/job/ports.ts';
import { TestRunner } from '../../../src/job/test-runner.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { LEAST_JOB } from '../../support/least-job.ts';
import { leastWorld } from '../../support/least-world.ts';

const end = (change: Partial<TestEnd>): TestEnd => ({
  code: null,
  signal: null,
  error: null,
  output: '',
  ...change,
});

/** A test runner, with the tests that it has begun and the events that it has posted. */
function runner(job: Partial<Job> = { test: { exe: 'check', args: ['-x'] } }) {
  const posted: JobEvent[] = [];
  const begun: { readonly program: Program; readonly done: (end: TestEnd) => void; ended: number }[] = [];
  const whole: Job = { ...LEAST_JOB, testTimeoutMs: 2_500, ...job };
  const clock = new FakeClock(Date.UTC(2026, 0, 1));
  const world = leastWorld(clock, {
    runTest: (program, done, hasBegun = () => undefined) => {
      const test = { program, done, ended: 0 };
      begun.push(test);
      hasBegun();
      return { end: () => (test.ended += 1) };
    },
  });
  const programs = new JobPrograms({ ...world, job: () => whole, number: null, log: '/log' });
  const tests = new TestRunner({ ...world, job: () => whole, programs, post: (event) => posted.push(event) });
  return { tests, posted, begun, clock };
}

test.each([
  ['passes with 0', end({ code: 0, output: 'fine' }), 'TestPassed', 'exited with 0', 0],
  ['fails with 1', end({ code: 1 }), 'TestFailed', 'exited with 1', 1],
  ['fails with 254', end({ code: 254 }), 'TestFailed', 'exited with 254', 254],
  ['says nothing with 255', end({ code: 255 }), 'TestUnknown', 'exited with 255', 255],
  ['says nothing by a signal', end({ signal: 'SIGSEGV' }), 'TestUnknown', 'ended by SIGSEGV', null],
  ['says nothing by an unknown signal', end({}), 'TestUnknown', 'ended by a signal', null],
  [
    'says nothing unbegun',
    end({ error: 'no such file' }),
    'TestUnknown',
    'could not run: no such file',
    null,
  ],
] as const)('a test that %s is posted with its time, code and output', (_, ended, type, detail, exitCode) => {
  const { tests, posted, begun, clock } = runner();
  tests.run(7);
  clock.advance(1_000);
  begun[0]?.done(ended);
  const { output } = ended;
  expect(posted).toEqual([{ type, test: 7, at: '2026-01-01T00:00:01.000Z', detail, exitCode, output }]);
});

test('a test is run with its own environment, in the folder of its job', () => {
  const { tests, begun } = runner();
  tests.run(1);
  expect(begun[0]?.program).toEqual({
    exe: 'check',
    args: ['-x'],
    cwd: '/home/me',
    env: { OVERSEER_JOB: 'web', OVERSEER_ID: 'f-test', OVERSEER_TEST: '1' },
  });
});

test('a job without a test runs none', () => {
  const { tests, begun } = runner({ test: null });
  tests.run(1);
  tests.timeOut();
  tests.cancel();
  expect(begun).toEqual([]);
});

test('a test whose time is over is ended, and its verdict says so, whatever its code', () => {
  const { tests, posted, begun } = runner();
  tests.run(1);
  tests.timeOut();
  expect(begun[0]?.ended).toBe(1);
  begun[0]?.done(end({ code: 0, output: 'half' }));
  expect(posted).toEqual([
    expect.objectContaining({
      type: 'TestUnknown',
      detail: 'timed out after 2.5 s',
      exitCode: null,
      output: 'half',
    }),
  ]);
  // The next test has its whole time.
  tests.run(2);
  begun[1]?.done(end({ code: 0 }));
  expect(posted.at(-1)).toMatchObject({ type: 'TestPassed', test: 2 });
});

test('a cancelled test is ended and says nothing, also when it ends late', () => {
  const { tests, posted, begun } = runner();
  tests.run(1);
  tests.cancel();
  tests.cancel();
  tests.run(2);
  begun[0]?.done(end({ code: 0 }));
  expect([begun[0]?.ended, begun[1]?.ended, posted]).toEqual([1, 0, []]);
  begun[1]?.done(end({ code: 1 }));
  begun[1]?.done(end({ code: 0 }));
  expect(posted).toEqual([expect.objectContaining({ type: 'TestFailed', test: 2 })]);
});
