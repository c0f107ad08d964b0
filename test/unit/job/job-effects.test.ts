import { isDeepStrictEqual } from 'node:util';
import type { JobEffect, JobEvent, JobSnapshot } from '../../../machines/job.ts';
import type { Job } from '../../../src/config/config.ts';
import type { PersistedDue } from '../../../src/job/due-time.ts';
import { JobEffects } from '../../../src/job/job-effects.ts';
import type { GroupState, LaunchEvents, ProbeDone, SpawnedChild, TestEnd } from '../../../src/job/ports.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { LEAST_JOB } from '../../support/least-job.ts';
import { leastWorld } from '../../support/least-world.ts';

const CHILD = { pid: 70, start: 's70', boot: 'b', mark: 'f', at: '1970-01-01T00:00:00.000Z' };
const PASSED: TestEnd = { code: 0, signal: null, error: null, output: '' };
const AT = '1970-01-01T00:00:00.000Z';

/** The effects of one job, in a world that notes what is done to it. */
function effects(change: Partial<Job> = {}) {
  const clock = new FakeClock(0);
  const done: string[] = [];
  const posted: JobEvent[] = [];
  const state = { group: 'alive' as GroupState, kept: null as PersistedDue | null };
  const launches: LaunchEvents[] = [];
  const tests: ((end: TestEnd) => void)[] = [];
  const probes: ProbeDone[] = [];
  const samples: ((bytes: number) => boolean)[] = [];
  const ending = (what: string) => ({ end: () => void done.push(`end ${what}`) });
  const world = {
    ...leastWorld(clock, {
      launch: (_request, on) => {
        launches.push(on);
        return { release: () => done.push('release'), cancel: () => done.push('cancel') };
      },
      runTest: ({ exe, env }, ended, begun = () => undefined) => {
        done.push(`run ${exe} as ${env['OVERSEER_ID']}`);
        tests.push(ended);
        begun();
        return ending(exe);
      },
      look: () => state.group,
      ownsGroup: ({ pid }) => pid === 70,
      forgetStdin: () => undefined,
      signal: () => 'sent',
      signalAll: ({ pid }, _marker, signal) => done.push(`${signal} to ${pid}`),
      clear: ({ log }, found) => {
        done.push(`search ${log ?? 'without a log'}`);
        found();
      },
    }),
    probes: {
      connect: ({ port }: { readonly port: number }, answer: ProbeDone) => {
        done.push(`connect to ${port}`);
        probes.push(answer);
        return ending(`connection to ${port}`);
      },
      logSize: () => 10,
      logId: () => '',
      readLog: (_path: string, from: number) => {
        done.push(`read the log from ${from}`);
        return new Uint8Array();
      },
    } as never,
    memory: {
      sample: ({ pid }: SpawnedChild, sampled: (bytes: number) => boolean) => {
        done.push(`sample ${pid}`);
        samples.push(sampled);
        return ending('samples');
      },
    },
  };
  const job: Job = { ...LEAST_JOB, ...change };
  const made = new JobEffects({
    instance: 'web',
    number: null,
    job: () => job,
    world,
    post: (event) => posted.push(event),
    isKept: () => true,
    forget: () => void done.push('forget'),
    dueStore: { read: () => state.kept, write: (due) => (state.kept = due) },
  });
  /** Performs it for a job of run 4, in these states. */
  const perform = (effect: JobEffect, context: object = {}, ...states: readonly object[]): void =>
    made.perform(effect, {
      context: {
        run: 4,
        test: 3,
        child: CHILD,
        lastExit: null,
        ending: 'asked',
        aliveFailures: 0,
        ...context,
      },
      matches: (value: unknown) => states.some((each) => isDeepStrictEqual(each, value)),
    } as Partial<JobSnapshot> as JobSnapshot);
  /** What is done from now on. */
  const doneBy = (act: () => void): readonly string[] => {
    done.length = 0;
    act();
    return [...done];
  };
  return { effects: made, clock, posted, state, launches, tests, probes, samples, perform, doneBy };
}

const TIMES = { intervalMs: 1_000, timeoutMs: 500 };
const READY = { kind: 'tcp', host: 'localhost', port: 80, withinMs: 60_000, ...TIMES } as const;
const ALIVE = { kind: 'tcp', host: 'localhost', port: 81, failures: 3, ...TIMES } as const;
const TEST = { exe: 'check', args: [] };

test('a test is run with the mark of tests, and its verdict is posted', () => {
  const { perform, doneBy, tests, posted } = effects({ test: TEST });
  expect(doneBy(() => perform('runTest'))).toEqual(['run check as f-test']);
  tests[0]?.(PASSED);
  expect(posted).toEqual([
    { type: 'TestPassed', test: 3, at: AT, detail: 'exited with 0', exitCode: 0, output: '' },
  ]);
});

test.each([
  ['endTest', 1],
  ['cancelTest', 0],
] as const)('%s ends the test, of which then %i verdict follows', (effect, verdicts) => {
  const { perform, doneBy, tests, posted } = effects({ test: TEST });
  perform('runTest');
  expect(doneBy(() => perform(effect))).toEqual(['end check']);
  tests[0]?.(PASSED);
  expect(posted.map(({ type }) => type)).toEqual(Array(verdicts).fill('TestUnknown'));
});

test.each([
  ['nothing of it has ended', null, 'search /log'],
  ['a run of it has ended', { code: 0 }, 'search without a log'],
])('a child is begun after a search for what is left, where %s', (_case, lastExit, search) => {
  const { perform, doneBy, launches } = effects();
  expect([doneBy(() => perform('spawnChild', { lastExit })), launches.length]).toEqual([[search], 1]);
  expect(doneBy(() => perform('releaseChild'))).toEqual(['release']);
});

test('a launch that was not let run is taken back, and one that was is left alone', () => {
  const { effects: job, perform, doneBy } = effects();
  perform('spawnChild');
  expect(doneBy(() => job.takeBackLaunch())).toEqual(['cancel']);
  perform('releaseChild');
  expect(doneBy(() => job.takeBackLaunch())).toEqual([]);
});

test.each([
  ['stopGroup', 'SIGINT'],
  ['killGroup', 'SIGKILL'],
] as const)('%s ends all checks of a child and sends it %s', (effect, signal) => {
  const {
    effects: job,
    perform,
    doneBy,
    clock,
  } = effects({
    stopSignal: 'SIGINT',
    ready: { ...READY, intervalMs: 600 },
    alive: ALIVE,
    maxMemoryBytes: 100,
  });
  perform('spawnChild');
  perform('releaseChild');
  perform('probeChild');
  perform('checkHealth');
  // Both probes are under way then.
  clock.advance(1_200);
  const stopped = doneBy(() => {
    perform(effect);
    clock.advance(0);
  });
  expect(stopped).toEqual([
    'end connection to 80',
    'end connection to 81',
    'end samples',
    'cancel',
    `${signal} to 70`,
  ]);
  job.leave();
  expect(clock.pending).toBe(0);
});

test('a child that waits at its gate is not probed, and one that runs is, until it is ready', () => {
  const { effects: job, perform, doneBy, probes, posted } = effects({ ready: READY });
  perform('spawnChild');
  expect(doneBy(() => perform('probeChild'))).toEqual([]);
  perform('releaseChild');
  expect(doneBy(() => perform('probeChild'))).toEqual(['connect to 80']);
  expect(job.notReady).toBeNull();
  probes[0]?.('refused');
  expect([job.notReady, posted]).toEqual(['localhost:80: refused', []]);
  perform('probeChild');
  probes[1]?.(null);
  expect(posted).toEqual([{ type: 'Ready', run: 4 }]);
});

test.each([
  ['from where its run began', { ...CHILD, logFrom: 7, logAfter: '' }, 7],
  ['from its beginning where nobody knows that', CHILD, 0],
  ['from its beginning where the child is not known', null, 0],
])('a log is probed %s', (_case, child, from) => {
  const { perform, doneBy } = effects({
    ready: { kind: 'log', pattern: 'x', withinMs: 60_000, ...TIMES },
  });
  perform('spawnChild');
  perform('releaseChild');
  expect(doneBy(() => perform('probeChild', { child }))).toEqual([`read the log from ${from}`]);
});

test.each([
  ['in which no check had failed', 0, []],
  ['in which a check had failed', 1, [{ type: 'AlivePassed', run: 4 }]],
])('a check that passes is posted only for a run %s', (_case, aliveFailures, news) => {
  const { perform, clock, probes, posted } = effects({ alive: ALIVE });
  perform('checkHealth', { aliveFailures });
  clock.advance(1_000);
  probes[0]?.(null);
  expect(posted).toEqual(news);
  clock.advance(1_000);
  probes[1]?.('refused');
  expect(posted.slice(news.length)).toEqual([
    { type: 'AliveFailed', run: 4, detail: 'localhost:81: refused' },
  ]);
});

test('memory beyond the limit is posted, and so is its end', () => {
  const { perform, samples, posted, doneBy } = effects({ maxMemoryBytes: 100 });
  expect(doneBy(() => perform('checkHealth', { child: null }))).toEqual([]);
  expect(doneBy(() => perform('checkHealth', { isOverMemory: false }))).toEqual(['sample 70']);
  samples[0]?.(100);
  samples[0]?.(101);
  samples[0]?.(100);
  expect(posted).toEqual([
    { type: 'OverMemory', run: 4, bytes: 101 },
    { type: 'WithinMemory', run: 4 },
  ]);
});

test('a scheduled job waits for its next time, which counts from its last start', () => {
  const { effects: job, perform, clock, posted, state } = effects({ schedule: 'every 10m' });
  clock.advance(60_000);
  perform('stopGroup');
  perform('awaitDue');
  const dueAt = 600_000;
  expect([job.dueAt, state.kept]).toEqual([dueAt, { schedule: 'every 10m', run: 4, dueAt }]);
  state.group = 'gone';
  clock.advance(dueAt);
  expect(posted.filter(({ type }) => type === 'Due')).toHaveLength(1);
});

test.each<[string, readonly object[], boolean]>([
  ['the job still waits for its time', [{ child: { Waiting: 'ForTime' } }], true],
  ['the daemon ends', [{ want: { No: 'ByDie' } }], true],
  ['the job is started or stopped', [], false],
])('a wait that is cancelled because %s is kept accordingly', (_case, states, isKept) => {
  const { effects: job, perform, state, clock } = effects({ schedule: 'every 10m' });
  perform('awaitDue');
  perform('cancelDue', {}, ...states);
  expect([job.dueAt, state.kept !== null, clock.pending]).toEqual([null, isKept, 0]);
});

test('a job that is removed is forgotten', () => {
  const { perform, doneBy } = effects();
  expect(doneBy(() => perform('forgetJob'))).toEqual(['forget']);
});

test('a daemon that leaves ends its tests, probes and timers, and keeps the wait for a time', () => {
  const {
    effects: job,
    perform,
    doneBy,
    clock,
    state,
    posted,
    tests,
  } = effects({
    test: TEST,
    ready: READY,
    alive: ALIVE,
    maxMemoryBytes: 100,
    schedule: 'every 10m',
  });
  job.adopt(4, CHILD);
  perform('runTest');
  perform('probeChild');
  perform('checkHealth');
  perform('awaitDue');
  const left = doneBy(() => job.leave());
  expect(left.toSorted()).toEqual(['end check', 'end connection to 80', 'end samples']);
  tests[0]?.(PASSED);
  expect([clock.pending, job.dueAt, state.kept?.dueAt, posted]).toEqual([0, null, 600_000, []]);
});

test('a child of an earlier daemon is adopted, and its group is asked for', () => {
  const { effects: job, clock, posted, state } = effects();
  expect([job.owns(CHILD), job.owns({ ...CHILD, pid: 71 })]).toEqual([true, false]);
  job.adopt(4, CHILD);
  expect(posted).toEqual([]);
  state.group = 'gone';
  clock.advance(1_000);
  expect(posted).toMatchObject([{ type: 'ChildExited', run: 4 }]);
});

test('a check that fails since an adopted child has ended is no news of its own', () => {
  const { effects: job, perform, clock, posted, probes, state } = effects({ alive: ALIVE });
  job.adopt(1, CHILD);
  perform('checkHealth');
  clock.advance(ALIVE.intervalMs);
  probes[0]?.('connection refused');
  expect(posted).toMatchObject([{ type: 'AliveFailed', detail: expect.stringContaining('refused') }]);
  state.group = 'gone';
  clock.advance(ALIVE.intervalMs);
  posted.length = 0;
  probes[1]?.('connection refused');
  expect(posted.map(({ type }) => type)).toEqual(['ChildExited']);
});
