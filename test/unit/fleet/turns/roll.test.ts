import { turnOf, type Member, type CopyStanding } from '../../../../src/fleet/turns/roll.ts';

const member = (name: string, standing: CopyStanding, more: Partial<Member> = {}): Member => ({
  name,
  standing,
  isQueued: false,
  isReplaced: false,
  isTakenDown: false,
  ...more,
});
const up = member('web@2', 'up');
const queued = { isQueued: true };

describe('a copy that serves', () => {
  const turn = (others: readonly Member[], dependencies: readonly Member[] = []): string => {
    const { is, ...by } = turnOf({ standing: 'up' }, others, dependencies);
    return [is, ...Object.values(by)].join(' ');
  };

  test('a copy that serves is replaced when every other copy is up or waits for its own turn', () => {
    expect([turn([]), turn([up]), turn([up, member('web@3', 'up', queued)])]).toEqual(['now', 'now', 'now']);
  });

  test('a copy that serves waits for the copy before it, and for a copy that does not serve', () => {
    expect([
      turn([member('web@2', 'coming')]),
      turn([member('web@2', 'up', { isReplaced: true })]),
      turn([member('web@2', 'down', queued)]),
      turn([member('web@2', 'coming', queued)]),
    ]).toEqual(['later', 'later', 'later', 'later']);
  });

  test('a copy that serves stays when another copy did not come up, or was stopped meanwhile', () => {
    expect([
      turn([up, member('web@3', 'down')]),
      turn([member('web@3', 'up', { isTakenDown: true }), member('web@2', 'coming')]),
    ]).toEqual(['never web@3', 'never web@3']);
  });

  test('a running copy waits for its dependencies, and stays if one of them is down', () => {
    expect([
      turn([up], [member('db', 'coming')]),
      turn([up], [member('db', 'up', { isReplaced: true })]),
      turn([up], [member('db', 'up', queued)]),
      turn([up], [member('db', 'down')]),
      turn([up], [member('db', 'up')]),
    ]).toEqual(['later', 'later', 'later', 'never db', 'now']);
  });
});

test('a copy that is down starts at once, whatever the others do', () => {
  const turn = (others: readonly Member[]): string => turnOf({ standing: 'down' }, others, []).is;
  expect([
    turn([member('web@2', 'down')]),
    turn([member('web@2', 'coming')]),
    turn([member('web@2', 'up', { isReplaced: true })]),
  ]).toEqual(['now', 'now', 'now']);
});

test('a copy on its way up is replaced whatever became of others, but not with them', () => {
  const turn = (others: readonly Member[]): string => turnOf({ standing: 'coming' }, others, []).is;
  expect([
    turn([member('web@2', 'down')]),
    turn([member('web@2', 'up', { isTakenDown: true })]),
    turn([member('web@2', 'coming', queued)]),
    turn([member('web@2', 'coming')]),
    turn([member('web@2', 'up', { isReplaced: true })]),
  ]).toEqual(['now', 'now', 'now', 'later', 'later']);
});
