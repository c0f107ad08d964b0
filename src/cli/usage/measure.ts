import { setTimeout } from 'node:timers/promises';
import { allProcesses } from '../../os/usage/all-processes.ts';
import { usageBetween, type Usage } from './usage.ts';

/** Between two looks; a processor's load is known only over a time. */
const ELAPSED_MS = 250;

/**
 * What the process tree of each of these children uses, or only the process itself if it is in `alone`. Of a
 * child that has ended there is nothing.
 */
export async function measureUsage(
  pids: readonly number[],
  alone?: ReadonlySet<number>,
): Promise<ReadonlyMap<number, Usage>> {
  if (pids.length === 0) return new Map();
  const [first, begun] = [await allProcesses(), performance.now()];
  await setTimeout(ELAPSED_MS);
  const second = await allProcesses();
  return usageBetween(pids, [first, second], performance.now() - begun, alone);
}
