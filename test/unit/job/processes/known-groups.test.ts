import type { Marker, SpawnedChild } from '../../../../src/job/ports.ts';
import { KnownGroups, keyOf } from '../../../../src/job/processes/known-groups.ts';
import { Listings } from '../../../../src/job/processes/listings.ts';
import { BOOT, ListedMachine } from '../../../support/listed-machine.ts';

const MARKER: Marker = { present: { OVERSEER_JOB: 'web', OVERSEER_ID: 'f' }, absent: [] };
const LEADER = 100_001;
const MEMBER = 100_002;

let machine: ListedMachine;
let listings: Listings;
let groups: KnownGroups;
beforeEach(() => {
  machine = new ListedMachine();
  listings = new Listings({ os: machine.os, now: () => machine.now });
  groups = new KnownGroups(machine.os, listings, () => machine.now);
});

const child = (more: Partial<SpawnedChild> = {}): SpawnedChild => ({
  pid: LEADER,
  start: `${LEADER}`,
  boot: BOOT,
  ...more,
});
const state = (of = child(), marker: Marker | null = null): string => groups.state(of, marker, listings.sure);
const leader = (): void => machine.add(LEADER);
const member = (given: object = {}, env: Readonly<Record<string, string>> = {}): void =>
  machine.add(MEMBER, { ppid: 1, pgid: LEADER, sid: LEADER, ...given }, env);
const dies = (pid: number): boolean => machine.processes.delete(pid);

test('a group is that of a child while its leader lives, and gone with its last member', () => {
  leader();
  member();
  expect(state()).toBe('alive');
  dies(LEADER);
  expect(state()).toBe('leaderless');
  dies(MEMBER);
  expect([state(), groups.goneAt(child())]).toEqual(['gone', machine.now]);
});

test('a leader that was started at another time is another process', () => {
  machine.add(LEADER, { start: 'later' });
  expect(state()).toBe('gone');
});

test('a child of an earlier boot, and what can be no child, are gone', () => {
  leader();
  expect([
    state(child({ boot: 'earlier' })),
    state(child({ pid: 1 })),
    state(child({ pid: process.pid })),
  ]).toEqual(['gone', 'gone', 'gone']);
});

test('a member is known by its start: another process of its pid is a stranger', () => {
  leader();
  member();
  state();
  dies(LEADER);
  dies(MEMBER);
  member({ start: 'later' });
  expect(state()).toBe('gone');
  // Nor is one that has left the group.
  leader();
  machine.now += 60_000;
  state();
  dies(LEADER);
  dies(MEMBER);
  machine.add(MEMBER, { pgid: MEMBER, start: 'later' });
  machine.add(MEMBER + 1, { pgid: LEADER });
  expect(state()).toBe('gone');
});

test('the program beside a leader is known although it was never listed', () => {
  member();
  const beside = child({ program: MEMBER, programStart: `${MEMBER}` });
  expect([
    state(beside),
    state(child({ program: MEMBER, programStart: 'other' })),
    state(child({ program: MEMBER })),
  ]).toEqual(['leaderless', 'gone', 'gone']);
});

test('a member that bears the marker of the job is known, and one that bears another is not', () => {
  member({}, MARKER.present);
  expect([state(child(), null), state(child(), MARKER)]).toEqual(['gone', 'leaderless']);
  dies(MEMBER);
  machine.add(MEMBER + 1, { pgid: LEADER, sid: LEADER }, { ...MARKER.present, OVERSEER_ID: 'g' });
  machine.now += 60_000;
  expect(state(child(), MARKER)).toBe('gone');
});

test.each([
  ['of the group', LEADER, 'leaderless'],
  ['of another group', MEMBER, 'gone'],
])('on a slow system a marked process %s says by a listing whose group it is', (_case, pgid, expected) => {
  member({ pgid }, MARKER.present);
  machine.add(MEMBER + 1, { ppid: 1, pgid: LEADER });
  const os = { ...machine.os, isQuick: false };
  const slow = new Listings({ os, now: () => machine.now });
  const known = new KnownGroups(os, slow, () => machine.now);
  expect(slow.patiently('web', (view) => known.state(child(), MARKER, view))).toBe(expected);
});

test('a child that has just ended keeps its number for a second, whoever has it', () => {
  leader();
  groups.launched(child());
  expect([groups.isUnreaped(LEADER), groups.isUnreaped(MEMBER)]).toEqual([true, false]);
  dies(LEADER);
  groups.ended(child());
  const isOwn = (): boolean => groups.isNumberOwn(child(), listings.sure);
  expect([groups.isUnreaped(LEADER), isOwn(), groups.goneAt(child())]).toEqual([false, true, machine.now]);
  machine.now += 999;
  expect(isOwn()).toBe(true);
  machine.now += 1;
  expect(isOwn()).toBe(false);
  machine.add(LEADER, { start: 'later' });
  expect(isOwn()).toBe(false);
});

test('the members that a child leaves are noted when it ends, before anybody asks', () => {
  leader();
  member();
  groups.launched(child());
  dies(LEADER);
  groups.ended(child());
  // An end is noted once.
  groups.ended(child());
  expect([state(), groups.isNumberOwn(child(), listings.sure)]).toEqual(['leaderless', true]);
  machine.now += 5_000;
  expect(groups.isNumberOwn(child(), listings.sure)).toBe(true);
});

test('the moment when a group was first found gone is kept, until it is there again', () => {
  leader();
  state();
  dies(LEADER);
  const first = machine.now;
  expect(state()).toBe('gone');
  machine.now += 60_000;
  expect([state(), groups.goneAt(child())]).toEqual(['gone', first]);
  leader();
  expect([state(), groups.goneAt(child())]).toEqual(['alive', null]);
});

test('nothing is remembered of a child that was forgotten', () => {
  leader();
  member();
  state();
  dies(LEADER);
  state();
  groups.forget(child());
  expect([state(), keyOf(child())]).toEqual(['gone', `${LEADER} ${LEADER} ${BOOT}`]);
  groups.forget(child());
  expect(groups.goneAt(child())).toBeNull();
});

test('who polls asks surely the first time, and patiently from then on', () => {
  const views: unknown[] = [];
  const poll = (of: SpawnedChild): void => groups.patiently(of, (view) => void views.push(view));
  poll(child());
  poll(child());
  expect([views[0] === listings.first, views[1] === listings.first]).toEqual([true, false]);
  // One that this daemon has launched needs no sure look.
  groups.launched(child({ pid: MEMBER, start: `${MEMBER}` }));
  poll(child({ pid: MEMBER, start: `${MEMBER}` }));
  expect(views[2]).not.toBe(listings.first);
});
