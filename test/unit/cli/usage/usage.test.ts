import { usageBetween } from '../../../../src/cli/usage/usage.ts';
import type { ProcessUsage } from '../../../../src/os/usage/process-usage.ts';

const each = (pid: number, more: Partial<ProcessUsage> = {}): ProcessUsage => ({
  pid,
  parent: 1,
  session: pid,
  memoryBytes: 100,
  cpuMs: 0,
  ...more,
});

const ALL = [
  each(10),
  each(11, { parent: 10, session: 10 }),
  // Left the session, and is still a grandchild.
  each(12, { parent: 11, session: 12 }),
  // Its parent has ended, and the session is the same.
  each(13, { parent: 1, session: 10 }),
  each(20),
];

test('a tree uses the memory of all its processes, and the time that they spent meanwhile', () => {
  const later = [
    ...ALL.map((one) => ({ ...one, cpuMs: one.pid === 11 ? 150 : 0 })),
    each(14, { parent: 10, cpuMs: 900 }),
  ];
  expect([...usageBetween([10, 20, 99], [ALL, later], 200)]).toEqual([
    [10, { cpuPercent: 75, memoryBytes: 500, cpuSeconds: 1.05 }],
    [20, { cpuPercent: 0, memoryBytes: 100, cpuSeconds: 0 }],
  ]);
});
