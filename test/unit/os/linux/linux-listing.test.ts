import { LinuxListing, type PidCounts } from '../../../../src/os/linux/linux-listing.ts';
import type { ProcessInfo } from '../../../../src/os/os.ts';

const PID_MAX = 32_768;

/** A system that counts what is read of it. */
function system({ tellsBegun = true, tellsNewest = true, first = 1_000 } = {}) {
  const there = new Set<number>();
  let read: number[] = [];
  let named = 0;
  let now = 0;
  let counts: PidCounts = {
    begun: tellsBegun ? first : null,
    newest: tellsNewest ? first : null,
    pidMax: PID_MAX,
  };
  const infoOf = (pid: number): ProcessInfo | null => {
    read.push(pid);
    return there.has(pid) ? { pid, start: `${pid}`, ppid: 1, pgid: pid, sid: pid, state: 'S' } : null;
  };
  const listing = new LinuxListing({
    all: () => {
      named += 1;
      return [...there];
    },
    read: infoOf,
    probe: infoOf,
    counts: () => counts,
    now: () => now,
  });
  return {
    there,
    /** The kernel assigns so many pids; returns the newest. */
    assign: (count: number): number => {
      const newest = (((counts.newest ?? 0) + count - 1) % PID_MAX) + 1;
      counts = {
        ...counts,
        begun: counts.begun === null ? null : counts.begun + count,
        newest: tellsNewest ? newest : null,
      };
      return newest;
    },
    pass: (ms: number) => (now += ms),
    list: (settled: readonly number[] | null, others: readonly number[] = [], count = 1_000) => {
      read = [];
      named = 0;
      const known = settled && { isSettled: (pid: number) => settled.includes(pid), others, count };
      const { found, isWhole } = listing.make(known);
      return { found: found.map(({ pid }) => pid), read, isNamed: named > 0, isWhole };
    },
  };
}

/** With the pids that the first listing may have missed out of the way. */
function listedSystem(...options: Parameters<typeof system>) {
  const made = system(...options);
  for (const pid of [1, 2, 3]) made.there.add(pid);
  expect(made.list(null)).toMatchObject({ found: [1, 2, 3], isNamed: true, isWhole: true });
  made.pass(2_001);
  return made;
}

test('only new pids and the others are looked for, and those that have ended are not there', () => {
  const { there, assign, list } = listedSystem();
  expect(list([1, 2], [3])).toEqual({ found: [3], read: [3], isNamed: false, isWhole: false });
  there.add(assign(2)).delete(3);
  expect(list([1, 2], [3])).toEqual({
    found: [1_002],
    read: [3, 1_001, 1_002],
    isNamed: false,
    isWhole: false,
  });
});

test('a settled pid that was assigned to another process is read', () => {
  const { assign, list } = listedSystem({ first: PID_MAX - 1 });
  assign(3);
  expect(list([1, 2], [3])).toMatchObject({ found: [3, 1, 2], read: [3, PID_MAX, 1, 2], isNamed: false });
});

test('a process that could not be seen yet when its pid was assigned is found within two seconds', () => {
  const { there, assign, pass, list } = listedSystem();
  const pid = assign(1);
  expect(list([], []).found).toEqual([]);
  pass(1_999);
  there.add(pid);
  expect(list([], [])).toMatchObject({ found: [pid], isNamed: false });
  expect(list([pid], []).read).toEqual([]);
  assign(1);
  list([], []);
  pass(2_001);
  expect(list([], []).read).toEqual([]);
});

test('a fork that was under way when all names were read is found by the next listing', () => {
  const { there, assign, list } = system();
  list(null);
  there.add(990);
  expect(list([], [], 10_000)).toMatchObject({ found: [990], isNamed: false });
  assign(2_000);
  expect(list([990], []).isNamed).toBe(true);
  there.add(2_900);
  expect(list([990], [], 10_000)).toMatchObject({ found: [2_900], isNamed: false });
});

test('names are read where that costs less than to look for every new pid', () => {
  const { there, assign, list } = listedSystem();
  there.add(assign(250));
  expect(list([1, 2], [3])).toEqual({ found: [3, 1_250], read: [3, 1_250], isNamed: true, isWhole: false });
});

test('all processes are read again once pids may have come back', () => {
  const { assign, list } = listedSystem();
  assign(16_384);
  expect(list([1, 2], [3])).toMatchObject({ read: [1, 2, 3], isWhole: true });
});

test('where the newest pid is not told, who was not there at the last listing is read', () => {
  const { there, assign, list } = listedSystem({ tellsNewest: false });
  there.delete(2);
  list([1, 2], [3]);
  assign(1);
  there.add(2);
  expect(list([1, 2], [3])).toEqual({ found: [3, 2], read: [3, 2], isNamed: true, isWhole: false });
});

test('all processes are read each time where the system does not say how many were begun', () => {
  const { list } = listedSystem({ tellsBegun: false });
  expect(list([1, 2], [3])).toMatchObject({ read: [1, 2, 3], isWhole: true });
});

test('names tell a new pid on both sides of the highest', () => {
  const { there, assign, list } = listedSystem({ first: PID_MAX - 100 });
  const around = [PID_MAX - 100, PID_MAX - 99, PID_MAX, 200, 201];
  for (const pid of around) there.add(pid);
  const settled = [1, 2, 3, ...around];
  // So many that looking for each of them would cost more than reading all names.
  expect(assign(300)).toBe(200);
  expect(list(settled)).toMatchObject({
    read: [1, 2, 3, PID_MAX - 99, PID_MAX, 200],
    isNamed: true,
    isWhole: false,
  });
});

test('names tell a pid that was assigned again, from the first to the newest', () => {
  const { there, assign, list } = listedSystem();
  for (const pid of [1_000, 1_001, 1_300, 1_301]) there.add(pid);
  expect(assign(300)).toBe(1_300);
  expect(list([1, 2, 3, 1_000, 1_001, 1_300, 1_301])).toMatchObject({ read: [1_001, 1_300], isNamed: true });
});

test('after so many forks at once that names are read, the newest of them are looked for again', () => {
  const { there, assign, list } = listedSystem({ first: 20_000 });
  const newest = assign(1_500);
  expect(list([1, 2, 3]).isNamed).toBe(true);
  for (const pid of [newest - 1_024, newest - 1_023, newest]) there.add(pid);
  expect(list([1, 2, 3], [], 1_000_000)).toMatchObject({ found: [newest - 1_023, newest], isNamed: false });
});

test('the newest of many forks are looked for on both sides of the highest pid', () => {
  const { there, assign, list } = listedSystem({ first: PID_MAX - 1_400 });
  expect(assign(1_500)).toBe(100);
  list([1, 2, 3]);
  for (const pid of [PID_MAX - 924, PID_MAX - 923, 100]) there.add(pid);
  expect(list([1, 2, 3], [], 1_000_000)).toMatchObject({ found: [PID_MAX - 923, 100], isNamed: false });
});
