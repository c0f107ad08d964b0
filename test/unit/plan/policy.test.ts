import type { Job } from '../../../src/config/config.ts';
import { policyOf } from '../../../src/plan/policy.ts';
import { LEAST_JOB } from '../../support/least-job.ts';

const decides = (given: object): object => {
  const {
    hasTest,
    hasReady,
    readyTimeoutMs,
    hasSchedule,
    runAtStart,
    hasDependencies,
    hasAlive,
    aliveFailures,
  } = policyOf({ ...LEAST_JOB, ...given } as Job);
  return {
    hasTest,
    hasReady,
    readyTimeoutMs,
    hasSchedule,
    runAtStart,
    hasDependencies,
    hasAlive,
    aliveFailures,
  };
};

const NOTHING = {
  hasTest: false,
  hasReady: false,
  readyTimeoutMs: 0,
  hasSchedule: false,
  runAtStart: false,
  hasDependencies: false,
  hasAlive: false,
  aliveFailures: 0,
};

test.each([
  [{}, {}],
  [{ test: { exe: 'true', args: [] } }, { hasTest: true }],
  [{ ready: { withinMs: 5 } }, { hasReady: true, readyTimeoutMs: 5 }],
  [{ schedule: {} }, { hasSchedule: true }],
  [{ runAtStart: true }, {}],
  [
    { runAtStart: true, schedule: {} },
    { hasSchedule: true, runAtStart: true },
  ],
  [{ after: [{ job: 'a', is: 'running' }] }, { hasDependencies: true }],
  [{ alive: { failures: 3 } }, { hasAlive: true, aliveFailures: 3 }],
])('of the keys %j the chart knows %j', (keys, known) => {
  expect(decides(keys)).toEqual({ ...NOTHING, ...known });
});

test('the chart knows another check by its name, and nothing of what is in it', () => {
  const specOf = (alive: object | null): string | null => policyOf({ ...LEAST_JOB, alive } as Job).aliveSpec;
  const check = { kind: 'http', url: 'http://u:secret@localhost/', intervalMs: 1, timeoutMs: 2, failures: 3 };
  const spec = specOf(check);
  expect([specOf(null), specOf(Object.fromEntries(Object.entries(check).toReversed()))]).toEqual([
    null,
    spec,
  ]);
  expect(spec).toMatch(/^[0-9a-f]{8}$/);
  const others = [{ url: 'http://localhost/' }, { intervalMs: 2 }, { timeoutMs: 3 }, { failures: 2 }];
  expect(others.filter((other) => specOf({ ...check, ...other }) === spec)).toEqual([]);
});
