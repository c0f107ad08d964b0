import type { GroupState, Marker, SpawnedChild } from '../../../../src/job/ports.ts';
import { EscapedProcesses } from '../../../../src/job/processes/escaped-processes.ts';
import { KnownGroups } from '../../../../src/job/processes/known-groups.ts';
import { Listings } from '../../../../src/job/processes/listings.ts';
import { NotKnownYet } from '../../../../src/os/system-error.ts';
import { BOOT, ListedMachine } from '../../../support/listed-machine.ts';

const MARKER = { present: { OVERSEER_JOB: 'web', OVERSEER_ID: 'f' }, absent: [] };
interface Groups {
  state(child: SpawnedChild, marker: Marker | null): GroupState;
}

/** Recognizes groups on a machine, for somebody who waits for the system. */
function groupsOn(machine: ListedMachine): Groups {
  const listings = new Listings({ os: machine.os, now: () => machine.now });
  const groups = new KnownGroups(machine.os, listings);
  return { state: (child, marker) => groups.state(child, marker, listings.sure) };
}

const child = (pid: number) => ({ pid, start: `${pid}`, boot: BOOT });

test('a thousand jobs that are stopped at once cost one listing, and no environment is read', () => {
  const machine = new ListedMachine();
  const pids = Array.from({ length: 1_000 }, (_, index) => 100_000 + index);
  for (const pid of pids) machine.add(pid, {}, MARKER.present);
  const listings: Listings = new Listings({
    os: machine.os,
    isKnownGroup: (pgid) => groups.isUnreaped(pgid),
    now: () => machine.now,
  });
  const groups = new KnownGroups(machine.os, listings);
  const strays = new EscapedProcesses({ os: machine.os, listings });
  for (const pid of pids) groups.launched(child(pid));
  const by = { marker: MARKER, isNumberOwn: true, goneAt: null };
  const listed = { view: listings.sure, asOf: 'closely', after: machine.now - 1 } as const;
  const found = pids.map((pid) => strays.find(child(pid), by, listed));
  expect(found.flat()).toEqual([]);
  expect([machine.listings, machine.environmentsRead]).toEqual([1, 0]);
});

test('a restart among 600 processes of others reads the two of the job, and what began meanwhile', () => {
  const machine = new ListedMachine();
  for (let pid = 100_001; pid <= 100_600; pid += 1) machine.add(pid);
  const listings = new Listings({ os: machine.os, now: () => machine.now });
  const groups = new KnownGroups(machine.os, listings);
  const strays = new EscapedProcesses({ os: machine.os, listings });
  const by = { marker: MARKER, isNumberOwn: true, goneAt: null };
  const run = (leader: number): number => {
    machine.add(leader, { ppid: process.pid }, MARKER.present);
    machine.add(leader + 1, { ppid: leader, pgid: leader, sid: leader }, MARKER.present);
    machine.add(leader + 2, { ppid: 100_001 });
    groups.launched(child(leader));
    machine.processesRead = 0;
    machine.now += 60_000;
    strays.find(child(leader), by, { view: listings.sure, asOf: 'closely', after: machine.now - 1 });
    for (const pid of [leader, leader + 1]) machine.processes.delete(pid);
    groups.ended(child(leader));
    machine.now += 60_000;
    listings.patiently('job', (view) => {
      expect(groups.state(child(leader), MARKER, view)).toBe('gone');
      expect(strays.live(child(leader), by, view)).toBe(false);
    });
    strays.forget(child(leader));
    groups.forget(child(leader));
    return machine.processesRead;
  };
  expect(run(200_001)).toBe(603);
  expect(run(300_001)).toBe(3);
  expect(run(400_001)).toBe(3);
});

test('T-1001 many children that end one after the other do not cost a listing each', () => {
  const machine = new ListedMachine();
  const listings = new Listings({ os: machine.os, now: () => machine.now });
  const isTold = (notBefore: number): boolean => {
    try {
      listings.patiently(`${notBefore}`, (view) => view.table('of late', notBefore));
      return true;
    } catch (error) {
      if (error instanceof NotKnownYet) return false;
      throw error;
    }
  };
  expect([isTold(machine.now), machine.listings]).toEqual([true, 1]);
  machine.now += 10;
  const endedAt = machine.now;
  expect([isTold(endedAt), machine.listings]).toEqual([false, 1]);
  machine.now += 80;
  expect([isTold(endedAt), isTold(endedAt + 70), machine.listings]).toEqual([true, true, 2]);
});

test('a listing serves as long as it took, so that a slow one is not made again and again', () => {
  const machine = new ListedMachine(300);
  const listings = new Listings({ os: machine.os, now: () => machine.now });
  const after = (ms: number): number => {
    machine.now += ms;
    listings.sure.table('of late');
    return machine.listings;
  };
  expect([after(0), after(1_700), after(200), after(1_900)]).toEqual([1, 1, 2, 3]);
});

test('T-1006 a listing that hung for seconds does not serve for longer than two', () => {
  const machine = new ListedMachine(4_000);
  const listings = new Listings({ os: machine.os, now: () => machine.now });
  const after = (ms: number): number => {
    machine.now += ms;
    listings.sure.table('of late');
    return machine.listings;
  };
  expect([after(0), after(2_000), after(1), after(2_001)]).toEqual([1, 1, 2, 3]);
});

test('a process’s environment is read once in its life, and again for another process of its pid', () => {
  const machine = new ListedMachine();
  const listings = new Listings({ os: machine.os, now: () => machine.now });
  machine.add(200_001, {}, MARKER.present);
  machine.add(200_002);
  const marked = (): readonly number[] => {
    machine.now += 10_000;
    return listings.sure.marked(MARKER).map(({ pid }) => pid);
  };
  expect([marked(), marked(), machine.environmentsRead]).toEqual([[200_001], [200_001], 2]);
  machine.environments.set(200_001, {});
  expect(marked()).toEqual([200_001]);
  machine.add(200_001, { start: 'later' });
  expect([marked(), machine.environmentsRead]).toEqual([[], 3]);
});

test('a marker of an earlier version still counts as the job’s, the marker of a test never does', () => {
  const machine = new ListedMachine();
  machine.add(200_001, {}, { OVERSEER_JOB: 'web', HOME: '/h' });
  machine.add(200_002, {}, { OVERSEER_JOB: 'web', HOME: '/h', OVERSEER_TEST: '1' });
  machine.add(200_003, {}, { OVERSEER_JOB: 'web', OVERSEER_ID: 'f-test' });
  machine.add(200_004, {}, { OVERSEER_JOB: 'web', OVERSEER_ID: 'g' });
  const earlier = { present: { OVERSEER_JOB: 'web', HOME: '/h' }, absent: ['OVERSEER_TEST', 'OVERSEER_ID'] };
  const listings = new Listings({ os: machine.os, now: () => machine.now });
  expect(listings.sure.marked({ ...MARKER, earlier }).map(({ pid }) => pid)).toEqual([200_001]);
  expect(listings.markedWith('OVERSEER_ID', 'f-test').map(({ pid }) => pid)).toEqual([200_003]);
});

test('T-1500 what another daemon has begun is read once, until somebody asks for its data folder', () => {
  const machine = new ListedMachine();
  machine.add(200_001, {}, MARKER.present);
  machine.add(200_002, {}, { OVERSEER_JOB: 'web', OVERSEER_ID: 'other' });
  const listings = new Listings({ os: machine.os, now: () => machine.now });
  const read = (ask: () => unknown): readonly unknown[] => {
    machine.now += 10_000;
    machine.processesRead = 0;
    return [ask(), machine.processesRead];
  };
  const marked = (): unknown => listings.sure.marked(MARKER).map(({ pid }) => pid);
  expect([read(marked), read(marked)]).toEqual([
    [[200_001], 2],
    [[200_001], 1],
  ]);
  const others = (): unknown => listings.markedWith('OVERSEER_ID', 'other').map(({ pid }) => pid);
  expect([read(others), read(others), read(marked)]).toEqual([
    [[200_002], 2],
    [[200_002], 2],
    [[200_001], 2],
  ]);
});

describe('a group whose leader has ended', () => {
  const seen = (machine: ListedMachine): Groups => {
    machine.add(300_001);
    machine.add(300_002, { pgid: 300_001, sid: 300_001 });
    const groups = groupsOn(machine);
    expect(groups.state(child(300_001), MARKER)).toBe('alive');
    machine.processes.delete(300_001);
    machine.now += 60_000;
    return groups;
  };

  test('a group without its leader is the child’s while a member of the last look lives', () => {
    const machine = new ListedMachine();
    const groups = seen(machine);
    expect(groups.state(child(300_001), null)).toBe('leaderless');
    machine.add(300_003, { pgid: 300_001 });
    machine.now += 60_000;
    expect(groups.state(child(300_001), null)).toBe('leaderless');
    machine.processes.delete(300_002);
    expect(groups.state(child(300_001), null)).toBe('leaderless');
  });

  test('a group without its leader is somebody else’s when nobody in it was seen before', () => {
    const machine = new ListedMachine();
    const groups = seen(machine);
    machine.add(300_002, { pgid: 300_001, start: 'later' });
    machine.add(300_003, { pgid: 300_001 });
    expect(groups.state(child(300_001), MARKER)).toBe('gone');
  });

  test('a group without its leader is somebody else’s after a look that saw nobody in it', () => {
    const machine = new ListedMachine();
    const groups = seen(machine);
    machine.processes.delete(300_002);
    expect(groups.state(child(300_001), MARKER)).toBe('gone');
    machine.add(300_002, { pgid: 300_001 });
    expect(groups.state(child(300_001), MARKER)).toBe('gone');
  });

  test('a group without its leader is known by the marker or by the recorded program', () => {
    const machine = new ListedMachine();
    machine.add(300_002, { pgid: 300_001 }, MARKER.present);
    expect(groupsOn(machine).state(child(300_001), MARKER)).toBe('leaderless');
    machine.environments.set(300_002, {});
    const withProgram = { ...child(300_001), program: 300_002, programStart: '300002' };
    expect(groupsOn(machine).state(withProgram, MARKER)).toBe('leaderless');
    expect(groupsOn(machine).state({ ...withProgram, programStart: 'earlier' }, MARKER)).toBe('gone');
  });

  test('a group whose leader was started at another time was never the child’s', () => {
    const machine = new ListedMachine();
    machine.add(300_001, { start: 'later' });
    expect(groupsOn(machine).state(child(300_001), MARKER)).toBe('gone');
  });
});
