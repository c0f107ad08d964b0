import { LinuxListing } from '../../../../src/os/linux/linux-listing.ts';
import type { ProcessInfo } from '../../../../src/os/os.ts';

const info = (pid: number): ProcessInfo => ({
  pid,
  start: `${pid}`,
  ppid: 1,
  pgid: pid,
  sid: pid,
  state: 'S',
});

/** A system that counts what is read of it. */
function system(pidMax: number | null) {
  const read: number[] = [];
  let begun = 1_000;
  const listing = new LinuxListing(
    (pid) => {
      read.push(pid);
      return info(pid);
    },
    () => ({ begun: pidMax === null ? null : begun, pidMax: pidMax ?? 0 }),
  );
  return {
    list: (pids: readonly number[], remembered: readonly number[]) => {
      read.length = 0;
      const found = listing.make(pids, new Map(remembered.map((pid) => [pid, info(pid)])));
      return { found: found.map(({ pid }) => pid), read: [...read] };
    },
    begin: (count: number) => (begun += count),
  };
}

test('a known process is not read again, and is left out when it is not there any more', () => {
  const { list, begin } = system(32_768);
  expect(list([1, 2, 3], [])).toEqual({ found: [1, 2, 3], read: [1, 2, 3] });
  begin(16_000);
  expect(list([1, 3, 4], [1, 2])).toEqual({ found: [1, 3, 4], read: [3, 4] });
});

test('all processes are read again once pids may have come back', () => {
  const { list, begin } = system(32_768);
  list([1, 2], []);
  begin(16_384);
  expect(list([1, 2], [1, 2]).read).toEqual([1, 2]);
  begin(100);
  expect(list([1, 2], [1, 2]).read).toEqual([]);
});

test('all processes are read each time where the system does not say how many were begun', () => {
  const { list } = system(null);
  list([1, 2], []);
  expect(list([1, 2], [1, 2]).read).toEqual([1, 2]);
});
