import type { Job } from '../../../src/config/config.ts';
import type { TestEnd } from '../../../src/job/ports.ts';
import { LEAST_JOB } from '../../support/least-job.ts';
import { ScriptedJob } from '../../support/scripted-job.ts';

const TEST = { exe: 'check', args: [] };

/** A job whose tests end when told. */
class TestedJob extends ScriptedJob {
  readonly tests: ((end?: Partial<TestEnd>) => void)[];

  constructor(job: Partial<Job> = {}) {
    const tests: TestedJob['tests'] = [];
    super(job, {
      runTest: (_program, done, begun) => {
        begun?.();
        tests.push((end = {}) => done({ code: 0, signal: null, error: null, output: '', ...end }));
        return { end: () => undefined };
      },
    });
    this.tests = tests;
  }

  change(job: Partial<Job>, inTurn = false): void {
    this.instance.apply({ ...LEAST_JOB, startMs: 0, ...job }, { inTurn });
  }

  /** What the two kinds of status say under one name. */
  said(key: 'lastExit' | 'lastRunFailed' | 'hasOldConfig' | 'restarts' | 'test' | 'pid'): unknown {
    return [this.instance.status()[key], this.instance.briefStatus(this.clock.sinceBoot())[key]];
  }
}

test('a job that has never run says so in both statuses, and the short one leaves it out', () => {
  const job = new TestedJob({ enabled: false });
  job.change({ enabled: false });
  expect(job.instance.status()).toEqual({
    name: 'web',
    job: 'web',
    state: 'held',
    pid: null,
    startedAt: null,
    restarts: 0,
    test: null,
    lastExit: null,
    lastRunFailed: false,
    stoppedByHand: false,
    nextStartAt: null,
    reason: null,
    description: null,
    tags: [],
    ages: { up: null, lastExit: null, test: null },
  });
  expect(JSON.parse(JSON.stringify(job.instance.briefStatus(0)))).toEqual({ name: 'web', state: 'held' });
});

test('a running job says since when, and after a crash how it ended and when it starts again', () => {
  const job = new TestedJob({ description: 'the page', tags: ['front'] }).running();
  job.clock.advance(4_000);
  expect(job.instance.status()).toMatchObject({
    state: 'running',
    pid: 7,
    startedAt: '2026-01-01T00:00:00.000Z',
    ages: { up: 4_001 },
    description: 'the page',
    tags: ['front'],
  });
  expect(job.instance.briefStatus(job.clock.sinceBoot())).toMatchObject({
    state: 'running',
    pid: 7,
    ages: { up: 4_001 },
    description: 'the page',
    tags: ['front'],
    lastExit: undefined,
    lastRunFailed: undefined,
    hasOldConfig: undefined,
    nextStartAt: undefined,
  });
  job.launches.at(-1)?.exited({ code: 3, signal: null }, null);
  expect([job.instance.state, job.said('pid')]).toEqual(['stopping', [null, undefined]]);
  job.group = 'gone';
  job.clock.advance(60_000);
  job.spawned(8);
  job.clock.advance(1);
  expect(job.said('restarts')).toEqual([1, 1]);
  expect(job.said('lastExit')).toEqual([
    { code: 3, signal: null, at: expect.any(String) },
    { code: 3, signal: null },
  ]);
});

test('a one-shot that failed says so, and one that succeeded does not', () => {
  const end = (code: number): TestedJob => {
    const job = new TestedJob({ restart: 'never' }).running();
    job.launches.at(-1)?.exited({ code, signal: null }, null);
    job.group = 'gone';
    job.clock.advance(60_000);
    return job;
  };
  const [failed, good] = [end(3), end(0)];
  expect([failed.instance.state, failed.said('lastRunFailed')]).toEqual(['failed', [true, true]]);
  expect([good.instance.state, good.said('lastRunFailed')]).toEqual(['finished', [false, undefined]]);
  expect([failed.instance.hasEnded, failed.instance.isUp, failed.instance.isUpAs('finished')]).toEqual([
    true,
    false,
    false,
  ]);
  expect(['running', 'finished', 'up'].map((is) => good.instance.isUpAs(is as never))).toEqual([
    false,
    true,
    true,
  ]);
});

const OVER = { type: 'OverMemory', run: 1, bytes: 9_000 } as const;

test.each([
  ['by itself', [], true],
  ['since it used too much memory', [OVER, OVER], false],
  ['since its daemon ended', [{ type: 'Die' }], false],
] as const)('a scheduled run that ended well, %s, is a success only if nobody broke it off', (...given) => {
  const [, events, hasFinished] = given;
  const config = { schedule: '* * * * *', maxMemoryBytes: 1_000 };
  const job = new TestedJob(config);
  job.change(config);
  job.clock.advance(60_000);
  job.running();
  for (const event of events) job.instance.post(event);
  job.launches.at(-1)?.exited({ code: 0, signal: null }, null);
  job.group = 'gone';
  job.clock.advance(1_000);
  // The next daemon restores it.
  if (events[0]?.type === 'Die') job.instance.post({ type: 'Restored' });
  expect([job.instance.state, job.instance.isUpAs('finished')]).toEqual(['waiting', hasFinished]);
});

test('a job whose test could not be run says why it does not start', () => {
  const job = new TestedJob({ test: TEST });
  job.change({ test: TEST });
  job.tests.shift()?.();
  job.running();
  job.launches.at(-1)?.exited({ code: 1, signal: null }, null);
  job.group = 'gone';
  job.clock.advance(3_000);
  job.tests.shift()?.({ code: null, error: 'no such file' });
  expect(job.instance.status()).toMatchObject({
    state: 'backoff',
    reason: 'its test could not run: no such file',
    test: { verdict: 'unknown', exitCode: null },
    nextStartAt: expect.any(String),
  });
  expect(job.said('test')).toEqual([
    { verdict: 'unknown', exitCode: null, at: expect.any(String) },
    { verdict: 'unknown', exitCode: null },
  ]);
});

test('a failed start says why until the next one', () => {
  const job = new TestedJob();
  job.launches.at(-1)?.failed({ detail: 'no such file', lasting: false });
  expect(job.instance.status().reason).toBe('no such file');
  job.clock.advance(1_000);
  job.running();
  expect(job.instance.status().reason).toBeNull();
});

test('a job with a new config has the old one until its child is replaced', () => {
  const job = new TestedJob({ test: TEST });
  job.change({ test: TEST });
  job.tests.shift()?.();
  job.running();
  expect([job.said('hasOldConfig'), job.instance.awaitsTurn]).toEqual([[undefined, undefined], false]);
  job.change({ test: TEST, env: { A: '1' } });
  expect([job.said('hasOldConfig'), job.instance.awaitsTurn]).toEqual([[true, true], false]);
  job.tests.shift()?.();
  expect([job.instance.state, job.said('hasOldConfig')]).toEqual(['stopping', [undefined, undefined]]);
});

test('a copy that goes on with its old config until its turn says so', () => {
  const job = new TestedJob().running();
  job.change({ env: { A: '1' } }, true);
  expect([job.instance.state, job.instance.hasOldConfig, job.instance.awaitsTurn]).toEqual([
    'running',
    true,
    true,
  ]);
  job.change({ env: { A: '1' } });
  expect([job.instance.state, job.instance.awaitsTurn]).toEqual(['stopping', false]);
});

test('a run that had to be killed is remembered, and when the next one would be', () => {
  const job = new TestedJob().running();
  expect([job.instance.killedRun, job.instance.killedAt]).toEqual([null, null]);
  job.instance.post({ type: 'Stop' });
  expect([job.instance.killedRun, job.instance.killedAt]).toEqual([null, '2026-01-01T00:00:10.001Z']);
  job.clock.advance(10_000);
  expect([job.instance.killedRun, job.instance.killedAt]).toEqual([1, null]);
});

test('a child is a later one where its pid or its start differs', () => {
  const job = new TestedJob();
  expect(job.instance.hasLaterChild({ pid: 7, start: '7' } as never)).toBe(false);
  job.running();
  expect(
    [
      { pid: 7, start: '7' },
      { pid: 8, start: '7' },
      { pid: 7, start: '8' },
    ].map((child) => job.instance.hasLaterChild(child as never)),
  ).toEqual([false, true, true]);
});

test('what a job is meant for follows from its restart, its schedule and its readiness', () => {
  const kinds: readonly Partial<Job>[] = [
    {},
    { restart: 'on-failure' },
    { restart: 'never' },
    { restart: 'never', ready: { kind: 'tcp' } as never },
    { restart: 'always', schedule: '0 3 * * *' },
    { restart: 'never', schedule: '0 3 * * *' },
  ];
  const seen = kinds.map((job) => {
    const { isMeantToEnd, neverFinishes, countsAs } = new ScriptedJob(job).instance;
    return [isMeantToEnd, neverFinishes, countsAs];
  });
  expect(seen).toEqual([
    [false, true, 'up'],
    [false, false, 'up'],
    [true, false, 'finished'],
    [false, false, 'up'],
    [true, false, 'up'],
    [true, false, 'up'],
  ]);
});

test('a disabled job that somebody started is told from one that its config lets start', () => {
  const job = new TestedJob({ enabled: false });
  job.change({ enabled: false });
  expect([job.instance.isHeldByConfig, job.instance.isStartedByHand, job.instance.isUnwanted]).toEqual([
    true,
    false,
    true,
  ]);
  job.instance.post({ type: 'Start' });
  job.running();
  expect([job.instance.isHeldByConfig, job.instance.isStartedByHand, job.instance.isUnwanted]).toEqual([
    false,
    true,
    false,
  ]);
  job.instance.post({ type: 'Stop' });
  expect([job.instance.isStoppedByHand, job.instance.isUnwanted, job.instance.isEnding]).toEqual([
    true,
    true,
    true,
  ]);
  expect(new TestedJob().running().instance.isStartedByHand).toBe(false);
});

test('a trigger with the same config is needless only after one that changed nothing', () => {
  const job = new TestedJob().running();
  const same: Job = { ...LEAST_JOB, startMs: 0 };
  expect(job.instance.needsNoApply(same)).toBe(false);
  job.instance.apply(same);
  expect([job.instance.needsNoApply(same), job.instance.needsNoApply({ ...same })]).toEqual([true, false]);
  job.instance.post({ type: 'Stop' });
  expect(job.instance.needsNoApply(same)).toBe(false);
});

test('a fault is forgotten with a new config, and kept over the same one', () => {
  const job = new TestedJob().running();
  const fail = (): void =>
    job.instance.within(() => {
      throw new Error('odd');
    });
  fail();
  job.change({});
  expect(job.instance.fault?.message).toBe('odd');
  job.change({ env: { A: '1' } });
  expect(job.instance.fault).toBeNull();
});

test('a job that was let go of is not recovered after an exception', () => {
  const job = new TestedJob().running();
  const { pending } = job.clock;
  job.instance.leave();
  job.instance.within(() => {
    throw new Error('odd');
  });
  expect(job.clock.pending).toBeLessThanOrEqual(pending);
  job.group = 'gone';
  job.clock.advance(60_000);
  expect([job.instance.state, job.faults]).toEqual(['running', ['bug: Error: odd']]);
});
