import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { ended, kill, type Ran } from './home.ts';
import { servedAddress } from './served-address.ts';
import { home } from './fresh-home.ts';

/** Crashes twice in a row, so that the second time it has to wait. */
export const BACKOFF = 'backoff = { min = 1.5, max = 1.5, factor = 1 }';

export interface Inspecting {
  readonly url: string;
  readonly child: ChildProcessWithoutNullStreams;
  readonly ran: Promise<Ran>;
}

/** Begins `overseer inspect`, and waits until it says where to look. */
export const inspecting = (...args: readonly string[]): Promise<Inspecting> => serving('inspect', ...args);

/** The same of a command that serves a page. */
export async function serving(command: 'inspect' | 'web', ...args: readonly string[]): Promise<Inspecting> {
  const child = home.begin({}, command, ...args, '--json');
  const ran = ended(child);
  const url = await servedAddress(child);
  return { url, child, ran };
}

export async function stopped({ child, ran }: Inspecting): Promise<Ran> {
  child.kill('SIGINT');
  return ran;
}

export async function crash(name: string, times: number): Promise<void> {
  let last = 0;
  for (let count = 0; count < times; count += 1) {
    const { pid } = await home.until(name, (job) => job.state === 'running' && job.pid !== last);
    last = pid ?? 0;
    kill(last, 'SIGKILL');
  }
}
