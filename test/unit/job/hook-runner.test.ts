import type { Hook, HookEvent } from '../../../machines/hook.ts';
import type { Job } from '../../../src/config/config.ts';
import { HookRunner } from '../../../src/job/hook-runner.ts';
import { JobPrograms } from '../../../src/job/job-programs.ts';
import type { Processes, Program, TestEnd } from '../../../src/job/ports.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { LEAST_JOB } from '../../support/least-job.ts';

const HOOK: Hook = {
  state: 'failed',
  from: 'running',
  detail: 'exited with 3',
  exitCode: 3,
  exitSignal: null,
};
const JOB: Job = { ...LEAST_JOB, on: { failed: { exe: 'tell', args: ['me'] } } };

/** A runner whose hooks end when the test says so. */
function runner({ isQueued = false } = {}) {
  const clock = new FakeClock();
  const begun: {
    readonly program: Program;
    readonly done: (end: Partial<TestEnd>) => void;
    ended: number;
    readonly begin: () => void;
  }[] = [];
  const posted: HookEvent[] = [];
  const lines: string[] = [];
  const processes = {
    runTest: (program: Program, done: (end: TestEnd) => void, started?: () => void) => {
      const run = {
        program,
        done: (end: Partial<TestEnd>) => done({ code: 0, signal: null, error: null, output: '', ...end }),
        ended: 0,
        begin: () => started?.(),
      };
      begun.push(run);
      if (!isQueued) started?.();
      return { end: () => (run.ended += 1) };
    },
  } as Partial<Processes> as Processes;
  const hooks = new HookRunner({
    instance: 'web@2',
    programs: (job) =>
      new JobPrograms({
        job: () => job,
        number: '2',
        baseEnvironment: { PATH: '/bin' },
        folderId: 'f',
        log: '/logs/web@2',
      }),
    processes,
    clock,
    log: { line: (text) => lines.push(text) },
    post: (event) => posted.push(event),
  });
  return { hooks, begun, posted, lines, clock };
}

test('a hook is run like a test, and told the state, the one before, and how the run ended', () => {
  const { hooks, begun, posted, lines } = runner();
  hooks.run(1, HOOK, JOB);
  expect(begun[0]?.program).toEqual({
    exe: 'tell',
    args: ['me'],
    cwd: '/home/me',
    env: {
      PATH: '/bin',
      OVERSEER_JOB: 'web',
      OVERSEER_INSTANCE: '2',
      OVERSEER_ID: 'f-test',
      OVERSEER_TEST: '1',
      OVERSEER_STATE: 'failed',
      OVERSEER_FROM: 'running',
      OVERSEER_DETAIL: 'exited with 3',
      OVERSEER_EXIT_CODE: '3',
      OVERSEER_EXIT_SIGNAL: '',
    },
  });
  begun[0]?.done({ code: 0 });
  begun[0]?.done({ code: 1 });
  expect([posted, lines]).toEqual([[{ type: 'HookEnded', number: 1, failure: null }], []]);
});

test('a hook gets the signal in place of an exit code, and neither if the end is unknown', () => {
  const { hooks, begun } = runner();
  hooks.run(1, { ...HOOK, exitCode: null, exitSignal: 'SIGKILL' }, JOB);
  hooks.run(2, { ...HOOK, exitCode: 0 }, JOB);
  const told = begun.map(({ program: { env } }) => [env['OVERSEER_EXIT_CODE'], env['OVERSEER_EXIT_SIGNAL']]);
  expect(told).toEqual([
    ['', 'SIGKILL'],
    ['0', ''],
  ]);
});

test('a hook that its job does not have has ended at once', () => {
  const { hooks, begun, posted } = runner();
  hooks.run(1, { ...HOOK, state: 'running' }, JOB);
  hooks.run(2, { ...HOOK, state: 'toString' }, JOB);
  expect([begun, posted.map((event) => event.type === 'HookEnded' && event.failure)]).toEqual([
    [],
    [null, null],
  ]);
});

test('how a hook failed is posted, and logged with what it printed', () => {
  const { hooks, begun, posted, lines } = runner();
  hooks.run(1, HOOK, JOB);
  begun[0]?.done({ code: 2, output: 'no network' });
  hooks.run(2, HOOK, JOB);
  begun[1]?.done({ code: null, signal: 'SIGSEGV' });
  hooks.run(3, HOOK, JOB);
  begun[2]?.done({ output: 'sent' });
  const at = '2026-01-01T00:00:00.000Z';
  expect(posted).toEqual([
    { type: 'HookEnded', number: 1, failure: { at, detail: 'exited with 2' } },
    { type: 'HookEnded', number: 2, failure: { at, detail: 'ended by SIGSEGV' } },
    { type: 'HookEnded', number: 3, failure: null },
  ]);
  expect(lines).toEqual([
    'web@2 the hook for failed failed: it exited with 2; it printed: no network',
    'web@2 the hook for failed failed: it ended by SIGSEGV',
    'web@2 the hook for failed printed: sent',
  ]);
});

test('a hook that is killed has failed, whatever its code, and one that is gone was lost', () => {
  const { hooks, begun, posted, lines } = runner();
  hooks.run(1, HOOK, JOB);
  hooks.kill(1);
  expect([begun[0]?.ended, posted]).toEqual([1, []]);
  begun[0]?.done({ code: 0 });
  hooks.kill(2);
  expect(posted.map((event) => event.type === 'HookEnded' && event.failure?.detail)).toEqual([
    'was killed after 30 s',
    'was lost',
  ]);
  expect(lines).toEqual(['web@2 the hook for failed failed: it was killed after 30 s']);
});

test('a hook whose turn comes after its time has its whole time all the same', () => {
  const { hooks, begun, posted, clock } = runner({ isQueued: true });
  hooks.run(1, HOOK, JOB);
  hooks.kill(1);
  begun[0]?.begin();
  clock.advance(29_999);
  expect(begun[0]?.ended).toBe(0);
  clock.advance(1);
  expect([begun[0]?.ended, posted]).toEqual([1, []]);
});

test('a hook that is left is ended, and nothing is posted of it', () => {
  const { hooks, begun, posted } = runner();
  hooks.leave();
  hooks.run(1, HOOK, JOB);
  hooks.leave();
  begun[0]?.done({ code: 1 });
  expect([begun[0]?.ended, posted]).toEqual([1, []]);
});
