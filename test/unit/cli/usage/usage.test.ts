import { usageBetween } from '../../../../src/cli/usage/usage.ts';
import { TWO_TREES, usageOf } from '../../../support/process-tree.ts';

test('a tree uses the memory of all its processes, and the time that they spent meanwhile', () => {
  const later = [
    ...TWO_TREES.map((one) => ({ ...one, cpuMs: one.pid === 11 ? 150 : 0 })),
    usageOf(14, { parent: 10, cpuMs: 900 }),
  ];
  expect([...usageBetween([10, 20, 99], [TWO_TREES, later], 200)]).toEqual([
    [10, { cpuPercent: 75, memoryBytes: 500, cpuSeconds: 1.05 }],
    [20, { cpuPercent: 0, memoryBytes: 100, cpuSeconds: 0 }],
  ]);
});
