import type { ProcessUsage } from '../../src/os/usage/process-usage.ts';

/** A process with a session of its own, 100 bytes of memory and no processor time. */
export const usageOf = (pid: number, more: Partial<ProcessUsage> = {}): ProcessUsage => ({
  pid,
  parent: 1,
  session: pid,
  memoryBytes: 100,
  cpuMs: 0,
  ...more,
});

/** Two trees: four processes that belong to 10 in different ways, and 20 alone. */
export const TWO_TREES = [
  usageOf(10),
  usageOf(11, { parent: 10, session: 10 }),
  // Left the session, and is still a grandchild.
  usageOf(12, { parent: 11, session: 12 }),
  // Its parent has ended, and the session is the same.
  usageOf(13, { parent: 1, session: 10 }),
  usageOf(20),
];
