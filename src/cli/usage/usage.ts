import { memoryBytesOf, ProcessTrees } from '../../os/usage/process-trees.ts';
import type { ProcessUsage } from '../../os/usage/process-usage.ts';

/** What a job uses: the sum over its process tree. */
export interface Usage {
  /** 100 is one core. */
  readonly cpuPercent: number;
  readonly memoryBytes: number;
  readonly cpuSeconds: number;
}

/**
 * What each root's tree used between two looks. A process that is not in both counts only with its memory.
 * Of those in `alone` the root itself is all that counts, as of the daemon, whose tree holds the jobs.
 */
export function usageBetween(
  roots: readonly number[],
  [first, second]: readonly [readonly ProcessUsage[], readonly ProcessUsage[]],
  elapsedMs: number,
  alone: ReadonlySet<number> = new Set(),
): ReadonlyMap<number, Usage> {
  const before = new Map(first.map((each) => [each.pid, each.cpuMs]));
  const trees = new ProcessTrees(second);
  return new Map(
    roots.flatMap((root) => {
      const tree = trees.of(root).filter(({ pid }) => pid === root || !alone.has(root));
      if (tree.length === 0) return [];
      const spent = sum(tree.map(({ pid, cpuMs }) => Math.max(0, cpuMs - (before.get(pid) ?? cpuMs))));
      const usage = {
        cpuPercent: Math.round((spent / elapsedMs) * 1000) / 10,
        memoryBytes: memoryBytesOf(tree),
        cpuSeconds: sum(tree.map(({ cpuMs }) => cpuMs)) / 1000,
      };
      return [[root, usage] as const];
    }),
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
