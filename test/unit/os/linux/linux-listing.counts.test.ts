import { spawnSync } from 'node:child_process';
import { LinuxListing } from '../../../../src/os/linux/linux-listing.ts';
import { linuxOs } from '../../../../src/os/linux/linux.ts';

const isLinux = process.platform === 'linux';

test('the kernel’s counters show that a settled process is not read again', () => {
  if (!isLinux) return;
  const read: number[] = [];
  const listing = new LinuxListing({
    all: () => [7, 8],
    read: (pid) => {
      read.push(pid);
      return { pid, start: 'read', ppid: 1, pgid: pid, sid: pid, state: 'S' };
    },
    probe: () => null,
  });
  const known = { isSettled: (pid: number) => pid === 7, others: [8], count: 1_000_000 };
  const pidsOf = ({ found }: ReturnType<typeof listing.make>) => found.map(({ pid }) => pid);
  expect([pidsOf(listing.make(null)), pidsOf(listing.make(known))]).toEqual([[7, 8], [8]]);
  expect(read).toEqual([7, 8, 8]);
});

test('a process newer than the last listing is found by its pid; a thread is no process', () => {
  if (!isLinux) return;
  const os = linuxOs();
  os.listing(null);
  const { stdout } = spawnSync('/bin/sh', ['-c', 'sleep 1000 > /dev/null 2>&1 & echo "$!"'], {
    encoding: 'utf8',
  });
  const begun = Number(stdout);
  const { found } = os.listing({ isSettled: () => true, others: [], count: 1_000_000 });
  process.kill(begun, 'SIGKILL');
  expect(found.map(({ pid }) => pid)).toContain(begun);
  const threads = found.filter(
    ({ pid }) => !os.processes().some((each) => each.pid === pid) && pid !== begun,
  );
  expect(threads.filter(({ pgid }) => pgid === os.identify(process.pid)?.pgid)).toEqual([]);
});
