import {
  captureBefore,
  configDiffOf,
  reportChange,
} from '../../../../../src/daemon/requests/steer/report-change.ts';
import type { Job } from '../../../../../src/config/config.ts';
import type { Fleet } from '../../../../../src/fleet/fleet.ts';
import { fingerprint } from '../../../../../src/fleet/fingerprint.ts';
import type { JobInstance } from '../../../../../src/fleet/job-instance.ts';
import type { WatchState } from '../../../../../src/fleet/watches.ts';
import { policyOf } from '../../../../../src/plan/policy.ts';
import type { JobState } from '../../../../../src/plan/job-state.ts';
import { LEAST_JOB } from '../../../../support/least-job.ts';

interface Seen {
  readonly state: JobState;
  readonly run: number;
  readonly job?: Job;
}

/** An instance as the report sees it. */
function instance({ state, run, job = LEAST_JOB }: Seen): JobInstance {
  const isUp = ['starting', 'running', 'stopping'].includes(state);
  const runSpec = run === 0 ? null : fingerprint(job);
  const nothing = {
    policy: policyOf(job),
    verdict: null,
    startError: null,
    lastExit: null,
    unhealthy: null,
    backoffMs: 0,
  };
  return {
    name: job.name,
    job,
    state,
    isUp,
    hasEnded: state === 'finished',
    killedRun: null,
    isStoppedByHand: false,
    isStartedByHand: false,
    isHeldByConfig: false,
    nextStartAt: null,
    snapshot: { context: { ...nothing, run, runSpec, child: isUp ? { pid: 4_000 + run } : null } },
  } as Partial<Record<keyof JobInstance, unknown>> as unknown as JobInstance;
}

/** What the report says of a job that was as the first and is as the second. */
function reported(before: Seen, after: Seen, watch: Partial<WatchState> | null = null) {
  const now = instance(after);
  const fleet = {
    get: () => now,
    watchOf: () => watch,
    unmet: () => [],
    rollStoppedBy: () => null,
    waitsInRoll: () => false,
  } as unknown as Fleet;
  const { action, reason, facts } = reportChange(fleet, now.name, captureBefore(instance(before)), now.job);
  return [action, reason, ...facts];
}

const AFTER_DB: Job = { ...LEAST_JOB, after: ['db'] };

test('a waiting job that starts because its `after` was removed is reported as started', () => {
  expect(reported({ state: 'waiting', run: 0, job: AFTER_DB }, { state: 'running', run: 1 })).toEqual([
    'start',
    'not-running',
  ]);
});

test('a waiting job that goes on waiting with another config was updated', () => {
  const other = { ...AFTER_DB, stopTimeoutMs: 1 };
  const facts = [
    { kind: 'keysChanged', keys: ['stop_timeout'] },
    expect.objectContaining({ kind: 'waitsForJobs' }),
  ];
  expect(
    reported({ state: 'waiting', run: 0, job: AFTER_DB }, { state: 'waiting', run: 0, job: other }),
  ).toEqual(['update', 'changed', ...facts]);
});

test('a job whose watched file changed meanwhile was started for that', () => {
  const watch: Partial<WatchState> = { last: { run: 2, file: '/app/a.js' } as WatchState['last'] };
  const [before, after] = [1, 2].map((run): Seen => ({ state: 'running', run }));
  expect(reported(before!, after!, watch)).toEqual([
    'start',
    'not-running',
    { kind: 'fileChanged', file: '/app/a.js' },
  ]);
});

test('a job that runs on is unchanged', () => {
  const seen: Seen = { state: 'running', run: 1 };
  expect(reported(seen, seen)).toEqual(['none', 'unchanged']);
});

test('a change of the program that is taken back before it was made is no restart', () => {
  const changed: Job = { ...LEAST_JOB, cwd: '/elsewhere', stopTimeoutMs: 1 };
  const now = instance({ state: 'running', run: 1 });
  const pending = Object.assign(instance({ state: 'running', run: 1 }), { job: changed });
  const facts = (before: JobInstance, job: Job) => configDiffOf(captureBefore(before), job);
  const none = { needsAnotherRun: false };
  expect([facts(pending, LEAST_JOB), facts(pending, changed), facts(now, changed)]).toEqual([
    { ...none, childKeys: [], otherKeys: ['cwd', 'stop_timeout'] },
    { ...none, childKeys: ['config'], otherKeys: [], needsAnotherRun: true },
    { ...none, childKeys: ['cwd'], otherKeys: ['stop_timeout'], needsAnotherRun: true },
  ]);
});
