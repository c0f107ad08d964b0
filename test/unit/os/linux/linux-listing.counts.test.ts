import { LinuxListing } from '../../../../src/os/linux/linux-listing.ts';
import type { ProcessInfo } from '../../../../src/os/os.ts';

const info = (pid: number, start: string): ProcessInfo => ({
  pid,
  start,
  ppid: 1,
  pgid: pid,
  sid: pid,
  state: 'S',
});

test('the kernel’s counters show that a remembered process is not read again', () => {
  if (process.platform !== 'linux') return;
  const read: number[] = [];
  const listing = new LinuxListing((pid) => {
    read.push(pid);
    return pid === 9 ? null : info(pid, 'read');
  });
  const remembered = new Map([[7, info(7, 'remembered')]]);
  const starts = (): readonly string[] => listing.make([7, 8, 9], remembered).map(({ start }) => start);
  expect(starts()).toEqual(['read', 'read']);
  expect([starts(), read]).toEqual([
    ['remembered', 'read'],
    [7, 8, 9, 8, 9],
  ]);
});
