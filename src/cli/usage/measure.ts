import { setTimeout } from 'node:timers/promises';
import { darwinProcesses } from './darwin-processes.ts';
import { linuxProcesses } from './linux-processes.ts';
import { usageBetween, type ProcessUsage, type Usage } from './process-usage.ts';

/** Between two looks; a processor's load is known only over a time. */
const ELAPSED_MS = 250;

/** What the process tree of each of these children uses. Of a child that has ended there is nothing. */
export async function measureUsage(pids: readonly number[]): Promise<ReadonlyMap<number, Usage>> {
  if (pids.length === 0) return new Map();
  const [first, begun] = [await processes(), performance.now()];
  await setTimeout(ELAPSED_MS);
  const second = await processes();
  return usageBetween(pids, [first, second], performance.now() - begun);
}

async function processes(): Promise<readonly ProcessUsage[]> {
  return process.platform === 'darwin' ? darwinProcesses() : linuxProcesses();
}
