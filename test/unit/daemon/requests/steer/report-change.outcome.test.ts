import {
  asFallen,
  killedMeanwhile,
  outcomeOf,
  reasonsNotUp,
  reportOf,
  type InstanceBefore,
} from '../../../../../src/daemon/requests/steer/report-change.ts';
import type { Fleet } from '../../../../../src/fleet/fleet.ts';
import type { JobInstance } from '../../../../../src/fleet/job-instance.ts';
import type { ChangeFact, ReportedChange } from '../../../../../src/plan/change.ts';
import { JOB_STATES, type JobState } from '../../../../../src/plan/job-state.ts';
import { LEAST_JOB } from '../../../../support/least-job.ts';
import { seenJob } from '../../../../support/seen-job.ts';

const EXIT = { code: 3, signal: null, at: '' };
const ENDED = { kind: 'ended', code: 3, signal: null };

/** The only job of a fleet, which waits for these. */
const fleetOf = (instance: JobInstance, ...unmet: readonly JobInstance[]): Fleet =>
  ({
    get: (name: string) => (name === instance.name ? instance : undefined),
    unmet: () => unmet.map((other) => ({ other, is: 'running' })),
  }) as never;

const reasons = (instance: JobInstance, ...unmet: readonly JobInstance[]): readonly ChangeFact[] =>
  reasonsNotUp(fleetOf(instance, ...unmet), instance);

test.each<[JobState, object, readonly object[]]>([
  ['failed', {}, [{ kind: 'failed' }]],
  ['failed', { lastExit: EXIT }, [ENDED]],
  ['failed', { lastExit: EXIT, startError: 'no such file' }, [{ kind: 'notStarted', why: 'no such file' }]],
  [
    'backoff',
    { lastExit: EXIT, startError: 'x', unhealthy: { by: 'alive', detail: 'refused' }, backoffMs: 200 },
    [
      { kind: 'unhealthy', why: 'refused' },
      { kind: 'nextStart', inMs: 200 },
    ],
  ],
  [
    'backoff',
    { lastExit: EXIT, unhealthy: { by: 'memory', bytes: 7, maxBytes: 5 }, backoffMs: 0 },
    [
      { kind: 'overMemory', bytes: 7, maxBytes: 5 },
      { kind: 'nextStart', inMs: 0 },
    ],
  ],
  ['backoff', { backoffMs: 5 }, [{ kind: 'nextStart', inMs: 5 }]],
  ['finished', { lastExit: EXIT }, [ENDED]],
  ['finished', {}, []],
])('why a job that is %s with %j is not up', (state, context, wanted) => {
  expect(reasons(seenJob('web', state, { context }))).toEqual(wanted);
});

test('a waiting job names those that it waits for, or its next time', () => {
  const [db, api] = [seenJob('db', 'starting'), seenJob('api', 'failed')];
  expect(reasons(seenJob('web', 'waiting'), db, api)).toEqual([
    {
      kind: 'waitsForJobs',
      jobs: [
        { name: 'db', state: 'starting' },
        { name: 'api', state: 'failed' },
      ],
    },
  ]);
  expect(reasons(seenJob('web', 'waiting', { nextStartAt: 'then' }), db)).toEqual([
    { kind: 'waitsForTime', at: 'then' },
  ]);
});

test('a job that is up, on its way or rightly down needs no reason', () => {
  const without = JOB_STATES.filter(
    (state) => reasons(seenJob('web', state, { context: { lastExit: EXIT, startError: 'x' } })).length === 0,
  );
  expect(without.toSorted()).toEqual(['held', 'running', 'starting', 'stopped', 'stopping', 'testing']);
});

test('the outcome of a run by hand tells a failure of a job that only waits for its next time', () => {
  const job = { schedule: {} as never };
  const told = (context: object): readonly ChangeFact[] => {
    const instance = seenJob('web', 'waiting', { job, nextStartAt: 'then', context });
    return outcomeOf(fleetOf(instance), instance);
  };
  const next = { kind: 'waitsForTime', at: 'then' };
  expect(told({ lastExit: EXIT })).toEqual([{ ...ENDED, isFailure: true }, next]);
  expect(told({ lastExit: { ...EXIT, code: 0 } })).toEqual([{ ...ENDED, code: 0 }, next]);
  expect(told({})).toEqual([next]);
  const failed = seenJob('web', 'failed', { context: { lastExit: EXIT } });
  expect(outcomeOf(fleetOf(failed), failed)).toEqual([ENDED]);
});

const change = (seen: Partial<ReportedChange> = {}): ReportedChange => ({
  job: 'web',
  action: 'start',
  reason: 'new',
  facts: [],
  state: 'running',
  pid: 7,
  ...seen,
});

test('a job that crashed meanwhile is down, also while it is started once more', () => {
  const fallen = JOB_STATES.filter((state) => {
    const instance = seenJob('web', state, { context: { lastExit: EXIT } });
    return asFallen(fleetOf(instance), change({ state })).state === 'backoff' && state !== 'backoff';
  });
  expect(fallen.toSorted()).toEqual(['starting', 'stopping', 'testing']);
  const instance = seenJob('web', 'starting', { context: { lastExit: EXIT } });
  const before = change({ state: 'starting', facts: [{ kind: 'failed' }] });
  expect(asFallen(fleetOf(instance), before)).toEqual({
    ...before,
    state: 'backoff',
    pid: null,
    facts: [{ kind: 'failed' }, ENDED],
  });
  const unwanted = seenJob('web', 'stopping', { isUnwanted: true });
  const stopping = change({ state: 'stopping' });
  expect(asFallen(fleetOf(unwanted), stopping)).toBe(stopping);
  expect(asFallen(fleetOf(seenJob('db', 'starting')), before)).toBe(before);
});

test('a stop that needed SIGKILL is reported for its own run, and only once', () => {
  const before = (killedRun: number | null, seen: Partial<InstanceBefore> = {}): InstanceBefore =>
    ({
      run: 2,
      wasKilled: false,
      isStopTakenOver: false,
      job: LEAST_JOB,
      instance: seenJob('web', 'stopped', { killedRun }),
      ...seen,
    }) as never;
  const killed = [{ kind: 'killed', afterMs: LEAST_JOB.stopTimeoutMs }];
  expect([
    killedMeanwhile(null),
    killedMeanwhile(before(2)),
    killedMeanwhile(before(1)),
    killedMeanwhile(before(null)),
    killedMeanwhile(before(2, { wasKilled: true })),
  ]).toEqual([[], killed, [], [], []]);
});

test('a report fails if a job did not come up, not because of an old failure', () => {
  const waits: ChangeFact = { kind: 'waitsForJobs', jobs: [] };
  const ok = (...changes: readonly ReportedChange[]): boolean => reportOf(changes).ok;
  expect([
    ok(),
    ok(change(), change({ state: 'held' })),
    ok(change(), change({ state: 'backoff' })),
    ok(change({ state: 'backoff', action: 'none' })),
    ok(change({ state: 'failed' })),
    ok(change({ state: 'failed', action: 'none' })),
    ok(change({ action: 'restart', state: 'waiting', facts: [waits] })),
    ok(change({ action: 'start', state: 'waiting', facts: [waits] })),
    ok(change({ action: 'restart', facts: [{ kind: 'failed' }] })),
  ]).toEqual([true, true, false, false, false, true, false, true, true]);
  expect(reportOf([change()])).toEqual({ ok: true, changes: [change()], problems: [] });
});
