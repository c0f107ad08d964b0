import { jobMachine } from '../../../../machines/job.ts';
import { restorable } from '../../../../src/fleet/persisted/restorable.ts';
import type { Kept } from '../../../../src/host/chart-host.ts';
import { firstStep } from '../../../../src/host/chart-step.ts';
import { policyOf } from '../../../../src/plan/policy.ts';
import { LEAST_JOB } from '../../../support/least-job.ts';

const INPUT = { name: 'web', policy: policyOf(LEAST_JOB), spec: 'spec' };
const { context } = firstStep(jobMachine, INPUT).after;
const GOOD: Kept = {
  value: { want: 'Yes', test: { Idle: 'Quiet' }, child: { Up: 'Running' } },
  context: { ...context, run: 3, child: { pid: 7, start: '1', boot: 'b', at: '2026-01-01T00:00:00.000Z' } },
};
const REST = { want: 'Unknown', test: { Idle: 'Quiet' }, child: { AtRest: 'Down' } };

test('a state that this version persisted is used unchanged', () =>
  expect(restorable(GOOD, INPUT)).toEqual({ snapshot: GOOD, trouble: null }));

test('the state of an older version is completed with the fields that it lacks', () => {
  const older: Partial<typeof context> = { ...(GOOD.context as typeof context) };
  delete (older as { flips?: number }).flips;
  expect(restorable({ ...GOOD, context: older }, INPUT)).toEqual({ snapshot: GOOD, trouble: null });
});

test.each<[string, unknown]>([
  ['a state that the chart does not have', { ...GOOD, value: { ...(GOOD.value as object), child: 'Bogus' } }],
  ['a value that is a number', { ...GOOD, value: 5 }],
  ['no value', { context: GOOD.context }],
  ['no context', { value: GOOD.value }],
  ['a context that is a word', { ...GOOD, context: 'x' }],
  ['a run that is a word', { ...GOOD, context: { ...context, run: '3' } }],
  ['a policy that is a list of words', { ...GOOD, context: { ...context, policy: 'never' } }],
  [
    'a policy with a time-out that is a word',
    { ...GOOD, context: { ...context, policy: { stopTimeoutMs: 'x' } } },
  ],
  ['a child without a moment', { ...GOOD, context: { ...context, child: { pid: 7 } } }],
  ['an exit that is a number', { ...GOOD, context: { ...context, lastExit: 7 } }],
])('%s gives a job at rest', (_, kept) => {
  const { snapshot, trouble } = restorable(kept as Kept, INPUT);
  expect([snapshot, trouble]).toEqual([{ value: REST, context }, expect.any(String)]);
});

test('a stop by hand is respected in a state of an older version', () => {
  const kept = { value: { want: { No: 'ByHand' }, test: 'Bogus' }, context: null } as unknown as Kept;
  expect(restorable(kept, INPUT).snapshot.value).toEqual({ ...REST, want: { No: 'ByHand' } });
});
