import { allProcesses } from '../../../../src/os/usage/all-processes.ts';
import { darwinProcesses } from '../../../../src/os/usage/darwin-processes.ts';

test('the ps of this machine, asked as on a Mac, tells of this process', async () => {
  const own = (await darwinProcesses()).find(({ pid }) => pid === process.pid);
  expect(own).toMatchObject({ pid: process.pid, parent: process.ppid });
  expect(own?.memoryBytes).toBeGreaterThan(process.memoryUsage().rss / 2);
});

test('on this machine the use of memory and time of every process is measured', async () => {
  const own = (await allProcesses()).find(({ pid }) => pid === process.pid);
  expect(own).toMatchObject({ pid: process.pid, parent: process.ppid });
});
