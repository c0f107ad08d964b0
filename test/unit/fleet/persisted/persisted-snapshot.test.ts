import { currentSnapshot, withoutChild } from '../../../../src/fleet/persisted/persisted-snapshot.ts';

const context = {
  run: 3,
  child: { pid: 4_242 },
  policy: { restart: 'always', successCodes: [0], runAtStart: false, isEnabled: true },
  owesRun: false,
  awaitsTurn: false,
  failures: 2,
};

describe('a snapshot that an older overseer persisted', () => {
  test.each([
    ['Down', 'Idle', { AtRest: 'Down' }, { Idle: 'Quiet' }],
    ['Backoff', 'Idle', { AtRest: 'Backoff' }, { Idle: 'Quiet' }],
    ['Finished', 'Idle', { AtRest: { Ended: 'Finished' } }, { Idle: 'Quiet' }],
    ['Failed', 'Resting', { AtRest: 'GivenUp' }, { Idle: 'Periodic' }],
    ['Running', 'Resting', { Up: 'Running' }, { Idle: 'Periodic' }],
    [{ Starting: 'Probing' }, 'Testing', { Up: { Starting: 'Probing' } }, 'Testing'],
    [{ Waiting: 'ForTime' }, 'Idle', { Waiting: 'ForTime' }, { Idle: 'Quiet' }],
    [{ Waiting: 'ForOthers' }, 'Idle', { Waiting: 'ForDependencies' }, { Idle: 'Quiet' }],
    [{ Ending: 'Killing' }, 'Idle', { Ending: 'Killing' }, { Idle: 'Quiet' }],
    ['Gone', 'Idle', 'Gone', { Idle: 'Quiet' }],
  ])(
    'a persisted job has the child in %j and the test in %j where the chart has them now',
    (child, test, isNow, testIsNow) => {
      const migrated = currentSnapshot({ value: { want: 'Yes', test, child }, context });
      expect(migrated).toEqual({ value: { want: 'Yes', test: testIsNow, child: isNow }, context });
      expect(currentSnapshot(migrated)).toEqual(migrated);
    },
  );
});

test('an older overseer counted failed starts, and knew neither success codes nor runs at start', () => {
  const value = { want: 'Yes', test: { Idle: 'Quiet' }, child: { AtRest: 'Backoff' } };
  const old = { run: 3, child: null, policy: { restart: 'always' }, failedStarts: 2 };
  expect(currentSnapshot({ value, context: old })).toEqual({ value, context: { ...context, child: null } });
});

test('names that an older overseer had for fields are replaced by those of today', () => {
  const value = { want: 'Yes', test: { Idle: 'Quiet' }, child: { AtRest: 'Backoff' } };
  const older = { othersUp: true, isProven: true, trouble: 'no such file', policy: { hasOthers: true } };
  const today = {
    dependenciesUp: true,
    hasRunThisSpec: true,
    startError: 'no such file',
    policy: { successCodes: [0], runAtStart: false, isEnabled: true, hasDependencies: true },
    owesRun: false,
    awaitsTurn: false,
  };
  expect(currentSnapshot({ value, context: older })).toEqual({ value, context: today });
  expect(currentSnapshot({ value, context: today })).toEqual({ value, context: today });
});

test.each([{ Up: 'Running' }, { Up: { Starting: 'Settling' } }, { Ending: 'Killing' }])(
  'a job whose child in %j belongs to another folder is down and has no child',
  (child) => {
    const value = { want: 'Yes', test: { Idle: 'Quiet' }, child };
    expect(withoutChild({ value, context })).toEqual({
      value: { ...value, child: { AtRest: 'Down' } },
      context: { ...context, child: null },
    });
  },
);

test.each(['Gone', { AtRest: 'GivenUp' }, { Waiting: 'ForTime' }])(
  'a job in %j has no child to lose and stays as it is',
  (child) => {
    const kept = { value: { want: 'Yes', test: { Idle: 'Quiet' }, child }, context };
    expect(withoutChild(kept)).toEqual(kept);
  },
);
