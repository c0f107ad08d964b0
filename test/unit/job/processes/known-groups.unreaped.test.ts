import { KnownGroups } from '../../../../src/job/processes/known-groups.ts';
import { Listings } from '../../../../src/job/processes/listings.ts';
import { answeringAtOnce } from '../../../../src/os/at-once.ts';
import type { Os } from '../../../../src/os/os.ts';

const CHILD = { pid: 4242, start: '7', boot: 'boot' };

let isKnown = true;
let now = 0;
const asked: Omit<Os, 'later'> = {
  name: 'linux',
  isQuick: true,
  pidIsKnown: () => isKnown,
  group: () => [],
  bootId: () => 'boot',
  // As of a zombie, and of a child that is gone.
  identify: () => null,
  startedAt: () => null,
  processes: () => [],
  listing: () => ({ found: [], isWhole: true }),
  groupIsKnown: () => isKnown,
  groupAlive: () => isKnown,
  processesWithEnv: () => [],
  lock: () => ({ ok: false, reason: 'busy', message: '' }),
};
const os: Os = { ...asked, later: answeringAtOnce(asked) };
const listings = new Listings({ os });

beforeEach(() => {
  isKnown = true;
  now = 10_000;
});

function launched(): KnownGroups {
  const groups = new KnownGroups(os, listings, () => now);
  groups.launched(CHILD);
  return groups;
}
const state = (groups: KnownGroups): string => groups.state(CHILD, null, listings.sure);

test('a child that is not reaped counts as alive as long as the system knows its pid', () => {
  const groups = launched();
  for (now of [10_000, 60_000, 600_000]) expect(state(groups)).toBe('alive');
});

test('a child that the system no longer lists is gone a second later, with or without an event', () => {
  const groups = launched();
  isKnown = false;
  expect(state(groups)).toBe('alive');
  now += 500;
  expect(state(groups)).toBe('alive');
  now += 501;
  expect([state(groups), groups.isUnreaped(CHILD.pid)]).toEqual(['gone', false]);
});
