import { Listings } from '../../../../src/job/processes/listings.ts';
import type { Os } from '../../../../src/os/os.ts';
import { ListedMachine } from '../../../support/listed-machine.ts';

const MARKER = { present: { OVERSEER_JOB: 'web', OVERSEER_ID: 'f' }, absent: [] };
const GROUP = 100_001;

let machine: ListedMachine;
beforeEach(() => (machine = new ListedMachine()));

const listingsOn = (os: Partial<Os> = {}): Listings =>
  new Listings({ os: { ...machine.os, ...os }, now: () => machine.now });
const hasMember = (os: Partial<Os> = {}): boolean => listingsOn(os).sure.hasMarkedMember(GROUP, MARKER);
const member = (pid: number, env: Readonly<Record<string, string>>, more: object = {}): void =>
  machine.add(pid, { pgid: GROUP, ...more }, env);

test('a group is of a job when a living member bears its mark', () => {
  expect(hasMember()).toBe(false);
  member(GROUP + 1, {});
  member(GROUP + 2, { ...MARKER.present, OVERSEER_ID: 'g' });
  member(GROUP + 3, MARKER.present, { state: 'Z' });
  machine.add(GROUP + 4, { pgid: GROUP + 4 }, MARKER.present);
  expect(hasMember()).toBe(false);
  member(GROUP + 5, MARKER.present);
  expect(hasMember()).toBe(true);
});

test('only the members of the group are asked for their environment, and nobody of an empty one', () => {
  member(GROUP + 1, {});
  for (let pid = 1; pid < 100; pid += 1) machine.add(200_000 + pid);
  hasMember();
  expect(machine.environmentsRead).toBe(1);
  machine.processes.delete(GROUP + 1);
  hasMember({ groupAlive: () => true });
  expect(machine.environmentsRead).toBe(1);
});

/** A group whose members have changed by the time that their environments have been read. */
function hurried(rounds: number): Partial<Os> {
  let read = 0;
  return {
    processesWithEnv: (name, among) => {
      const found = machine.os.processesWithEnv(name, among);
      read += 1;
      if (read > rounds) return found;
      const before = GROUP + read;
      const env = machine.environments.get(before) ?? {};
      machine.processes.delete(before);
      member(before + 1, env);
      return found;
    },
  };
}

test.each([
  ['that bear the mark', MARKER.present, true],
  ['that do not', {}, false],
])('members %s, and fork faster than they can be read, are looked at again', (_case, env, has) => {
  member(GROUP + 1, env);
  expect(hasMember(hurried(4))).toBe(has);
});

test('a group that always forks faster than it can be read counts as foreign after five looks', () => {
  member(GROUP + 1, MARKER.present);
  expect([hasMember(hurried(1_000)), machine.environmentsRead]).toEqual([false, 5]);
});

test('a member that has ended while another goes on does not make the answer certain', () => {
  member(GROUP + 1, {});
  member(GROUP + 50, {});
  expect([hasMember(hurried(2)), machine.environmentsRead]).toEqual([false, 6]);
});

test('somebody who polls asks a quick system for members, and no other', () => {
  member(GROUP + 1, MARKER.present);
  const asked = [true, false].map((isQuick) =>
    listingsOn({ isQuick }).patiently('web', (view) => view.hasMarkedMember(GROUP, MARKER)),
  );
  expect(asked).toEqual([true, false]);
});

test('the first look asks a slow system once for all, and not at all for a pid that nobody has', () => {
  for (const pid of [GROUP, GROUP + 1]) machine.add(pid);
  const slow = listingsOn({ isQuick: false });
  expect(slow.first.identify(GROUP + 2)).toBeNull();
  expect(machine.listings).toBe(0);
  expect([slow.first.identify(GROUP)?.pid, slow.first.identify(GROUP + 1)?.pid, machine.listings]).toEqual([
    GROUP,
    GROUP + 1,
    1,
  ]);
  // One that has begun since is not in the listing: it can be of no job that an earlier daemon left.
  machine.add(GROUP + 2);
  expect(slow.first.identify(GROUP + 2)).toBeNull();
  expect(listingsOn().first.identify(GROUP + 2)?.pid).toBe(GROUP + 2);
});

test('a process of a tool of the daemon is read once, and one of a job in each listing', () => {
  const read = (isTool: boolean): number => {
    machine = new ListedMachine();
    machine.add(GROUP, { ppid: process.pid });
    const listings = new Listings({ os: machine.os, now: () => machine.now, isTool: () => isTool });
    for (let round = 0; round < 3; round += 1) {
      listings.markedWith('OVERSEER_ID', 'f');
      machine.now += 60_000;
    }
    return machine.processesRead;
  };
  expect([read(true), read(false)]).toEqual([1, 3]);
});

test('the environment of a tool of the daemon is never read', () => {
  machine = new ListedMachine();
  machine.add(GROUP, { ppid: process.pid }, { OVERSEER_JOB: 'j' });
  const listings = new Listings({ os: machine.os, now: () => machine.now, isTool: (pid) => pid === GROUP });
  expect(listings.markedWith('OVERSEER_JOB', 'j')).toEqual([]);
  expect(machine.environmentsRead).toBe(0);
});

test('who asks after a look ahead reads nothing of what had begun by then', () => {
  const listings = listingsOn();
  listings.markedWith('OVERSEER_ID', 'f');
  const readAfter = (work: () => void): readonly [processes: number, environments: number] => {
    for (let more = 0; more < 100; more += 1) machine.add(nextPid++);
    machine.now += 60_000;
    work();
    const before = [machine.processesRead, machine.environmentsRead] as const;
    machine.now += 60_000;
    listings.markedWith('OVERSEER_ID', 'f');
    return [machine.processesRead - before[0], machine.environmentsRead - before[1]];
  };
  let nextPid = 200_000;
  expect(readAfter(() => undefined)).toEqual([100, 100]);
  expect(readAfter(() => listings.lookAhead())).toEqual([0, 0]);
});

test('nobody looks ahead where a look takes long, or where nobody has looked so far', () => {
  listingsOn().lookAhead();
  const slow = listingsOn({ isQuick: false });
  slow.markedWith('OVERSEER_ID', 'f');
  const { listings } = machine;
  machine.now += 60_000;
  slow.lookAhead();
  expect([listings, machine.listings]).toEqual([1, 1]);
});

test('a group that is followed is read anew until it is not followed any more', () => {
  machine.add(GROUP);
  const listings = listingsOn();
  const readNow = (): number => {
    const before = machine.processesRead;
    machine.now += 60_000;
    listings.markedWith('OVERSEER_ID', 'f');
    return machine.processesRead - before;
  };
  expect([readNow(), readNow()]).toEqual([1, 0]);
  listings.follow(GROUP, { isNew: false });
  expect([readNow(), readNow()]).toEqual([1, 1]);
  listings.unfollow(GROUP);
  machine.add(GROUP, { start: 'later' });
  expect([readNow(), readNow()]).toEqual([1, 0]);
  listings.keep([{ pid: GROUP, start: 'later', ppid: 1, pgid: GROUP, sid: GROUP, state: 'S' }]);
  expect(readNow()).toBe(1);
});
