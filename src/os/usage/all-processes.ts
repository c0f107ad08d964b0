import { darwinProcesses } from './darwin-processes.ts';
import { linuxProcesses } from './linux-processes.ts';
import type { ProcessUsage } from './process-usage.ts';

/** What every process of this machine uses now. Rejects where the system cannot be asked. */
export async function allProcesses(): Promise<readonly ProcessUsage[]> {
  return process.platform === 'darwin' ? darwinProcesses() : linuxProcesses();
}
