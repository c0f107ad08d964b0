import { jobMachine } from '../../../../machines/job.ts';
import { isKeptHooks, wrongShape } from '../../../../src/fleet/persisted/record-shape.ts';
import { firstStep } from '../../../../src/host/chart-step.ts';
import { policyOf } from '../../../../src/plan/policy.ts';
import { LEAST_JOB } from '../../../support/least-job.ts';

const { value, context } = firstStep(jobMachine, {
  name: 'web',
  policy: policyOf(LEAST_JOB),
  spec: 'x',
}).after;
const CHILD = { pid: 7, start: '1', boot: 'b', at: '2026-01-01T00:00:00.000Z' };
const NO_JOB = 'its config is not one of a job';
const NO_CONTEXT = 'its snapshot lacks what a job has';
const NO_STATE = 'its state is none of the chart';

const ofJob = (job: object): string | null =>
  wrongShape({ number: null, job: { ...LEAST_JOB, ...job } }, { value, context });
const ofContext = (given: object): string | null =>
  wrongShape({ number: null, job: LEAST_JOB }, { value, context: { ...context, ...given } });

test('a record that this version writes has nothing wrong, with all that is optional or without', () => {
  const test = { exe: 'true', args: ['a'] };
  expect(
    ofJob({ test, schedule: '0 3 * * *', ready: { kind: 'tcp' }, after: ['db'], env: { A: '1' } }),
  ).toBeNull();
  expect(ofJob({})).toBeNull();
  expect(ofContext({ child: CHILD })).toBeNull();
  expect(wrongShape({ number: '2', job: LEAST_JOB }, { value, context })).toBeNull();
});

test.each<[string, readonly unknown[]]>([
  ['name', [5, null, undefined]],
  ['cwd', [5, null]],
  ['restart', [5, null]],
  ['stopSignal', [5, null]],
  ['startMs', ['1', null, -1, Number.NaN]],
  ['maxRestarts', ['1', null, -1]],
  ['stopTimeoutMs', ['1', null, -1]],
  ['testTimeoutMs', ['1', null, -1]],
  ['command', [null, 'node', { exe: 5, args: [] }, { exe: 'node', args: 'a' }, { exe: 'node', args: [5] }]],
  ['test', ['true', { exe: 'true' }]],
  ['env', [null, ['a'], { A: 5 }]],
  ['envFromFiles', [null, { A: 5 }]],
  ['after', [null, 'db', [5]]],
  ['watch', [null, '*.js', [5]]],
  ['log', [null, []]],
  ['backoff', [null, 5]],
  ['schedule', [5, {}]],
  ['ready', [5, {}, { kind: 5 }]],
])('a job whose %s is of another kind cannot be used', (key, wrong) => {
  expect(wrong.map((each) => ofJob({ [key]: each }))).toEqual(wrong.map(() => NO_JOB));
});

test.each<[string, readonly unknown[]]>([
  ['name', [5, null]],
  ['spec', [5, null]],
  ['policy', [null, 'x', []]],
  ['run', ['3', null, -1]],
  ['test', ['3', null]],
  ['flips', ['3', null]],
  ['failures', ['3', null]],
  ['backoffs', ['3', null]],
  ['backoffMs', ['3', null]],
  ['restarts', ['3', null]],
  ['child', [5, {}]],
])('a snapshot whose %s is of another kind cannot be used', (key, wrong) => {
  expect(wrong.map((each) => ofContext({ [key]: each }))).toEqual(wrong.map(() => NO_CONTEXT));
});

test.each<[string, readonly unknown[]]>([
  // A signal to one of these would reach other processes than a child.
  ['pid', [0, 1, -7, 1.5, '7', null]],
  ['start', [1, null]],
  ['boot', [1, null]],
  ['at', [1, null]],
])('a child whose %s is none cannot be taken up', (key, wrong) => {
  expect(wrong.map((each) => ofContext({ child: { ...CHILD, [key]: each } }))).toEqual(
    wrong.map(() => NO_CONTEXT),
  );
});

test('a record without a job, a number, a snapshot or a state of the chart says which it lacks', () => {
  const record = { number: null, job: LEAST_JOB };
  expect([
    wrongShape(null, { value, context }),
    wrongShape({ ...record, number: 5 }, { value, context }),
    wrongShape(record, null),
    wrongShape(record, []),
    wrongShape(record, { value: 'Nowhere', context }),
    wrongShape(record, { value: { want: 'Yes' }, context }),
    wrongShape(record, { value: { ...(value as object), child: 'Nowhere' }, context }),
  ]).toEqual([NO_JOB, NO_JOB, 'it has no snapshot', 'it has no snapshot', NO_STATE, NO_STATE, NO_STATE]);
});

const HOOK = { state: 'running', from: '', detail: '', exitCode: null, exitSignal: null };
const HOOKS = {
  number: null,
  job: LEAST_JOB,
  value: 'Idle',
  context: { number: 1, current: HOOK, next: null, failure: null },
};

test('hooks that this version writes can be taken up', () => {
  expect(isKeptHooks(HOOKS)).toBe(true);
  expect(isKeptHooks({ ...HOOKS, nextJob: LEAST_JOB, number: '1' })).toBe(true);
  expect(
    isKeptHooks({ ...HOOKS, context: { ...HOOKS.context, next: { ...HOOK, exitSignal: 'SIGHUP' } } }),
  ).toBe(true);
});

test.each<[string, unknown]>([
  ['that are nothing', null],
  ['with a number that is none of a copy', { ...HOOKS, number: 5 }],
  ['of no job', { ...HOOKS, job: {} }],
  ['of no next job', { ...HOOKS, nextJob: {} }],
  ['in no state of the chart', { ...HOOKS, value: 'Nowhere' }],
  ['in a state that is no word', { ...HOOKS, value: { Idle: 'Quiet' } }],
  ['in a state of every object', { ...HOOKS, value: 'toString' }],
  ['without a context', { ...HOOKS, context: null }],
  ['that are not counted', { ...HOOKS, context: { ...HOOKS.context, number: '1' } }],
  ['with a hook that is a word', { ...HOOKS, context: { ...HOOKS.context, current: 'x' } }],
  [
    'with a next hook without a state',
    { ...HOOKS, context: { ...HOOKS.context, next: { ...HOOK, state: 5 } } },
  ],
  ['with a hook from a number', { ...HOOKS, context: { ...HOOKS.context, next: { ...HOOK, from: 5 } } }],
  ['with a hook without words', { ...HOOKS, context: { ...HOOKS.context, next: { ...HOOK, detail: null } } }],
  [
    'with a hook of an odd signal',
    { ...HOOKS, context: { ...HOOKS.context, next: { ...HOOK, exitSignal: 9 } } },
  ],
])('hooks %s are left', (_, hooks) => {
  expect(isKeptHooks(hooks)).toBe(false);
});
