/** What one process uses, as the system tells it. */
export interface ProcessUsage {
  readonly pid: number;
  readonly parent: number;
  /** The session where the system tells it, else the process group: a job has one of its own. */
  readonly session: number;
  readonly memoryBytes: number;
  /** Processor time in milliseconds since it began. */
  readonly cpuMs: number;
}

/** What a job uses: the sum over its process tree. */
export interface Usage {
  /** 100 is one core. */
  readonly cpuPercent: number;
  readonly memoryBytes: number;
  readonly cpuSeconds: number;
}

/** The processes of a job: its child, what belongs to the child's session, and all their descendants. */
export function treeOf(root: number, all: readonly ProcessUsage[]): readonly ProcessUsage[] {
  const session = all.find(({ pid }) => pid === root)?.session;
  if (session === undefined) return [];
  const tree = new Set(
    all.filter((each) => each.session === session || each.pid === root).map(({ pid }) => pid),
  );
  for (let before = -1; before !== tree.size;) {
    before = tree.size;
    for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid);
  }
  return all.filter(({ pid }) => tree.has(pid));
}

/**
 * What each child's tree used between two looks. A process that is not in both counts only with its memory.
 */
export function usageBetween(
  roots: readonly number[],
  [first, second]: readonly [readonly ProcessUsage[], readonly ProcessUsage[]],
  elapsedMs: number,
): ReadonlyMap<number, Usage> {
  const before = new Map(first.map((each) => [each.pid, each.cpuMs]));
  return new Map(
    roots.flatMap((root) => {
      const tree = treeOf(root, second);
      if (tree.length === 0) return [];
      const spent = sum(tree.map(({ pid, cpuMs }) => Math.max(0, cpuMs - (before.get(pid) ?? cpuMs))));
      const usage = {
        cpuPercent: Math.round((spent / elapsedMs) * 1000) / 10,
        memoryBytes: sum(tree.map(({ memoryBytes }) => memoryBytes)),
        cpuSeconds: sum(tree.map(({ cpuMs }) => cpuMs)) / 1000,
      };
      return [[root, usage] as const];
    }),
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
