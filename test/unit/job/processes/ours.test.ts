import { Ours } from '../../../../src/job/processes/ours.ts';
import type { ProcessInfo } from '../../../../src/os/os.ts';

const info = (pid: number, more: Partial<ProcessInfo> = {}): ProcessInfo => ({
  pid,
  start: `${pid}`,
  ppid: 1,
  pgid: pid,
  sid: pid,
  state: 'S',
  ...more,
});

/** Takes a listing in, whose marks tell of none; the pids that the next one need not read. */
function settledAfter(
  ours: Ours,
  found: readonly ProcessInfo[],
  { isWhole = true, marked = [] as readonly ProcessInfo[] } = {},
): readonly number[] {
  const { living } = ours.note({ found, isWhole });
  ours.add(marked);
  ours.decide(living);
  return found.flatMap(({ pid }) => (ours.known?.isSettled(pid) === true ? [pid] : []));
}

const othersOf = (ours: Ours): readonly number[] => [...(ours.known?.others ?? [])].toSorted((a, b) => a - b);

test('descendants of the daemon and followed groups or sessions are read anew, strangers are not', () => {
  const ours = new Ours();
  ours.follow(100, true);
  const all = [
    info(process.pid),
    info(50),
    info(60, { ppid: process.pid }),
    info(61, { ppid: 60 }),
    info(100),
    info(101, { pgid: 100, sid: 100 }),
    info(102, { sid: 100 }),
    info(103, { ppid: 102 }),
  ];
  expect(settledAfter(ours, all)).toEqual([process.pid, 50]);
  expect(othersOf(ours)).toEqual([60, 61, 100, 101, 102, 103]);
});

test('a child of the daemon that is of no job is read only once', () => {
  const ours = new Ours({ isTool: (pid) => pid === 60 || pid === 70 });
  ours.follow(70, true);
  const all = [info(process.pid), info(60, { ppid: process.pid }), info(61, { ppid: process.pid }), info(70)];
  expect(settledAfter(ours, all)).toEqual([process.pid, 60]);
});

test('the leader of a job is not read again, but whatever descends from it is', () => {
  const ours = new Ours({ isLeader: (pid) => pid === 100 });
  ours.follow(100, true);
  const found = [info(100, { ppid: process.pid }), info(101, { ppid: 100 }), info(102, { ppid: 101 })];
  expect(settledAfter(ours, found)).toEqual([100]);
  expect(settledAfter(ours, [info(101), info(103, { ppid: 100 })], { isWhole: false })).toEqual([]);
  expect(othersOf(ours)).toEqual([101, 103]);
});

test('a process that was ours stays ours when it has left all its marks, until its pid is reused', () => {
  const ours = new Ours();
  ours.follow(100, true);
  settledAfter(ours, [info(100), info(101, { ppid: 100 })]);
  ours.unfollow(100);
  expect(settledAfter(ours, [info(101)])).toEqual([]);
  expect(settledAfter(ours, [info(101, { start: 'later' })])).toEqual([101]);
});

test('a process that turns out to have a mark is no stranger', () => {
  const ours = new Ours();
  expect(settledAfter(ours, [info(50), info(51)], { marked: [info(50)] })).toEqual([51]);
  expect(othersOf(ours)).toEqual([50]);
});

test('a process whose marks have not been read is read again, also one that has a stranger’s pid', () => {
  const ours = new Ours();
  ours.note({ found: [info(50)], isWhole: true });
  expect(othersOf(ours)).toEqual([50]);
  expect(settledAfter(ours, [info(50)], { isWhole: false })).toEqual([50]);
  ours.note({ found: [info(50, { start: 'later' })], isWhole: false });
  expect([othersOf(ours), ours.known?.isSettled(50)]).toEqual([[50], false]);
});

test('all are read once a group is followed that had begun before, or somebody else is asked for', () => {
  const ours = new Ours();
  settledAfter(ours, [info(50), info(51)]);
  ours.follow(200, true);
  expect(ours.known?.count).toBe(2);
  ours.follow(50, false);
  expect(ours.known).toBeNull();
  settledAfter(ours, [info(51)]);
  ours.follow(50, false);
  expect(ours.known?.count).toBe(1);
  ours.readAll();
  expect(ours.known).toBeNull();
});

test('all are read now and then, so that strangers who have ended are forgotten', () => {
  const ours = new Ours();
  settledAfter(ours, [info(50)]);
  let listings = 0;
  // None of these numbers is that of this process.
  for (; ours.known !== null && listings < 10_000; listings += 1)
    settledAfter(ours, [info(9_000_000 + listings)], { isWhole: false });
  expect(listings).toBe(1_000);
});
