import { Ours } from '../../../../src/job/processes/ours.ts';
import { ProcessTable } from '../../../../src/job/processes/process-table.ts';
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

const strangersOf = (ours: Ours, all: readonly ProcessInfo[]): readonly number[] => {
  ours.note(all, new ProcessTable(all));
  return [...ours.strangers.keys()];
};

test('descendants of the daemon and followed groups or sessions are read anew, strangers are not', () => {
  const ours = new Ours();
  ours.follow(100, true);
  const all = [
    info(50),
    info(60, { ppid: process.pid }),
    info(61, { ppid: 60 }),
    info(100),
    info(101, { pgid: 100, sid: 100 }),
    info(102, { sid: 100 }),
    info(103, { ppid: 102 }),
  ];
  expect(strangersOf(ours, all)).toEqual([50]);
});

test('a child of the daemon that is of no job is read only once', () => {
  const ours = new Ours((pid) => pid === 60 || pid === 70);
  ours.follow(70, true);
  const all = [info(60, { ppid: process.pid }), info(61, { ppid: process.pid }), info(70)];
  expect(strangersOf(ours, all)).toEqual([60]);
});

test('a process that was ours stays ours when it has left all its marks, until its pid is reused', () => {
  const ours = new Ours();
  ours.follow(100, true);
  strangersOf(ours, [info(100), info(101, { ppid: 100 })]);
  ours.unfollow(100);
  expect(strangersOf(ours, [info(101)])).toEqual([]);
  expect(strangersOf(ours, [info(101, { start: 'later' })])).toEqual([101]);
});

test('a process that turns out to have a mark is no stranger any more', () => {
  const ours = new Ours();
  expect(strangersOf(ours, [info(50), info(51)])).toEqual([50, 51]);
  ours.add([info(50)]);
  expect([...ours.strangers.keys()]).toEqual([51]);
});

test('nobody is remembered once a group is followed that had begun before', () => {
  const ours = new Ours();
  strangersOf(ours, [info(50), info(51)]);
  ours.follow(200, true);
  expect(ours.strangers.size).toBe(2);
  ours.follow(50, false);
  expect(ours.strangers.size).toBe(0);
  strangersOf(ours, [info(51)]);
  ours.follow(50, false);
  expect(ours.strangers.size).toBe(1);
});
