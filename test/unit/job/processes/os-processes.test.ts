import type { LaunchEvents, Processes, SpawnedChild } from '../../../../src/job/ports.ts';
import { osProcesses } from '../../../../src/job/processes/os-processes.ts';
import type { Os } from '../../../../src/os/os.ts';
import { CannotAsk } from '../../../../src/os/system-error.ts';
import { BOOT, ListedMachine } from '../../../support/listed-machine.ts';

const MARKER = { present: { OVERSEER_JOB: 'web', OVERSEER_ID: 'f' }, absent: [] };
const COST_MS = 40;

const child = (pid: number): SpawnedChild => ({ pid, start: `${pid}`, boot: BOOT });

/** The processes of a machine whose listings take 40 ms each, and who of them was signalled. */
function stage(more: Partial<Os> = {}) {
  const machine = new ListedMachine(COST_MS);
  const signalled: string[] = [];
  const timers: (() => void)[] = [];
  const launches: LaunchEvents[] = [];
  const programs: Partial<Processes> = {
    launch: (_request, on) => {
      launches.push(on);
      return { release: () => undefined, cancel: () => undefined };
    },
  };
  const processes = osProcesses({
    os: { ...machine.os, ...more },
    clock: {
      monotonic: () => machine.now,
      sinceBoot: () => machine.now,
      wall: () => machine.now,
      after: (_ms, callback) => {
        timers.push(callback);
        return { clear: () => undefined };
      },
    },
    signals: {
      group: (pgid, name) => {
        signalled.push(`${name} to group ${pgid}`);
        return 'sent';
      },
      process: (pid, name) => {
        signalled.push(`${name} to ${pid}`);
        return 'sent';
      },
    },
    programs: programs as Processes,
  });
  /** A child of this daemon; the function ends it, and it is reaped. */
  const begin = (pid: number): (() => void) => {
    machine.add(pid, { ppid: process.pid }, MARKER.present);
    processes.launch({} as never, { spawned: () => undefined } as never);
    const on = launches.at(-1)!;
    on.spawned(child(pid));
    return () => {
      machine.processes.delete(pid);
      on.reaped?.();
    };
  };
  return { machine, processes, signalled, timers, launches, begin };
}

/** Another job is stopped, so that the system has just been asked for all processes. */
function listNow({ machine, processes, begin }: ReturnType<typeof stage>): void {
  const pid = 200_000 + machine.listings;
  begin(pid);
  processes.signalAll(child(pid), MARKER, 'SIGTERM', machine.now);
  machine.processes.delete(pid);
}

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'T-1300 a process that left the group after the last listing gets the %s of a stop',
  (name) => {
    const { machine, processes, signalled, ...more } = stage();
    more.begin(100_001);
    if (name === 'SIGKILL') processes.signalAll(child(100_001), MARKER, 'SIGTERM', machine.now);
    listNow({ machine, processes, signalled, ...more });
    machine.now += 1;
    machine.add(100_002, { ppid: 100_001 });
    machine.now += 1;
    signalled.length = 0;
    processes.signalAll(child(100_001), MARKER, name, machine.now);
    expect(signalled).toEqual([`${name} to group 100001`, `${name} to 100002`]);
  },
);

test('T-1301 a thousand jobs that are stopped together cost a few listings', () => {
  const { machine, processes, begin } = stage();
  const pids = Array.from({ length: 1_000 }, (_, index) => 100_001 + index);
  for (const pid of pids) begin(pid);
  const decidedAt = (machine.now += 1);
  for (const pid of pids) {
    machine.now += 0.1;
    processes.signalAll(child(pid), MARKER, 'SIGTERM', decidedAt);
  }
  // Each is good for the signals of twice the time that it took.
  expect(machine.listings).toBe(2);
});

test('T-1302 processes that a group’s last member left are looked for in a later listing', () => {
  const all = stage();
  const { machine, processes, begin } = all;
  const end = begin(100_001);
  processes.signalAll(child(100_001), MARKER, 'SIGTERM', machine.now);
  machine.add(100_002, { pgid: 100_001, sid: 100_001 });
  end();
  machine.now += 100;
  expect(processes.look(child(100_001), MARKER)).toBe('leaderless');
  machine.now += 1;
  machine.add(100_003, {}, MARKER.present);
  machine.processes.delete(100_002);
  machine.now += 1;
  const seen = [];
  for (let polls = 0; polls < 10; polls += 1, machine.now += 15)
    seen.push(processes.look(child(100_001), MARKER));
  expect(new Set(seen)).toEqual(new Set(['alive', 'leaderless']));
  expect(seen.at(-1)).toBe('leaderless');
});

test('T-1303 a process that a child began just before it ended keeps its group from being gone', () => {
  const all = stage();
  const end = all.begin(100_001);
  listNow(all);
  all.machine.now += 1;
  // Its environment says nothing.
  all.machine.add(100_002, { pgid: 100_001, sid: 100_001 });
  end();
  const seen = [];
  for (let polls = 0; polls < 10; polls += 1, all.machine.now += 15)
    seen.push(all.processes.look(child(100_001), MARKER));
  expect(new Set(seen)).toEqual(new Set(['alive', 'leaderless']));
  expect(seen.at(-1)).toBe('leaderless');
});

test('T-1304 tests that began after the last listing are killed with those of a dead daemon', () => {
  const all = stage();
  listNow(all);
  all.machine.now += 1;
  all.machine.add(100_001, {}, { OVERSEER_JOB: 'web', OVERSEER_ID: 'f-test' });
  all.signalled.length = 0;
  all.processes.endOrphanedTests('f-test');
  all.machine.now += 200;
  all.machine.add(100_002, { ppid: 100_001 });
  all.timers.shift()?.();
  expect(all.signalled).toEqual(['SIGKILL to 100001', 'SIGKILL to 100001', 'SIGKILL to 100002']);
});

test('a group is the child’s while it lives, and is signalled only then', () => {
  const { processes, signalled, begin, machine } = stage();
  const end = begin(100_001);
  expect([processes.ownsGroup(child(100_001), MARKER), processes.signal(child(100_001), 'SIGHUP')]).toEqual([
    true,
    'sent',
  ]);
  end();
  machine.now += 60_000;
  expect([processes.ownsGroup(child(100_001), MARKER), processes.signal(child(100_001), 'SIGHUP')]).toEqual([
    false,
    'gone',
  ]);
  expect(signalled).toEqual(['SIGHUP to group 100001']);
});

test('where the system cannot be asked, a child counts as alive and nobody is signalled', () => {
  const refuse = (): never => {
    throw new CannotAsk('too many open files');
  };
  const { processes, signalled, machine } = stage({ identify: refuse, listing: refuse });
  machine.add(100_001);
  expect([
    processes.look(child(100_001), MARKER),
    processes.ownsGroup(child(100_001), MARKER),
    processes.signal(child(100_001), 'SIGHUP'),
  ]).toEqual(['alive', false, 'forbidden']);
  processes.signalAll(child(100_001), MARKER, 'SIGTERM', machine.now);
  processes.endOrphanedTests('f-test');
  expect(signalled).toEqual([]);
});

test('a child of an earlier boot is gone with all that it left, whoever has its numbers now', () => {
  const { processes, signalled, machine } = stage({ startedAt: () => 5 });
  machine.add(100_001);
  machine.add(100_002, {}, MARKER.present);
  const earlier = { ...child(100_001), boot: 'earlier' };
  processes.signalAll(earlier, MARKER, 'SIGTERM', machine.now);
  expect([
    processes.look(earlier, MARKER),
    processes.ownsGroup(earlier, MARKER),
    processes.signal(earlier, 'SIGHUP'),
    processes.startedAt(earlier),
    processes.startedAt(child(100_001)),
  ]).toEqual(['gone', false, 'gone', null, 5]);
  expect([signalled, machine.listings]).toEqual([[], 0]);
});

test('a launch tells its failure and its exit, also one whose shell ends before it has a child', () => {
  const { processes, launches } = stage();
  const heard: unknown[] = [];
  const hear = (what: unknown): void => void heard.push(what);
  processes.launch({} as never, { spawned: hear, failed: hear, exited: hear });
  launches[0]?.reaped?.();
  launches[0]?.failed({ detail: 'no', lasting: true });
  launches[0]?.exited({ code: 0, signal: null }, null);
  expect(heard).toEqual([
    { detail: 'no', lasting: true },
    { code: 0, signal: null },
  ]);
});

test('left-over processes of a job are ended before its first start, and their end is told', () => {
  const { processes, signalled, machine, timers } = stage();
  machine.add(100_001, {}, MARKER.present);
  let isClear = false;
  processes.clear(MARKER, () => (isClear = true));
  expect([signalled, isClear]).toEqual([['SIGTERM to 100001'], false]);
  machine.processes.delete(100_001);
  machine.now += 60_000;
  timers.shift()?.();
  expect(isClear).toBe(true);
});
