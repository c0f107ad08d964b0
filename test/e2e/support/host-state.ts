import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OVERSEER, OVERSEERD, awaited, isAlive } from './home.ts';
import { sleeper } from './shell-job.ts';
import { home } from './fresh-home.ts';

/** The processes of this home, without the daemon and without commands. */
export const left = (): number[] =>
  home.processes().filter((pid) => pid !== home.daemonPid() && !commandLine(pid).includes(OVERSEER));

export const commandLine = (pid: number): readonly string[] =>
  read(`/proc/${pid}/cmdline`)?.split('\0') ?? [];

export const stateOf = (pid: number): string =>
  isAlive(pid) ? (/\) (\S)/.exec(read(`/proc/${pid}/stat`) ?? '')?.[1] ?? 'gone') : 'gone';

/** What the system tells of a process; null of one that has ended meanwhile. */
function read(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}

export const gone = (pid: number, what: string): Promise<true> =>
  awaited(async () => (isAlive(pid) ? null : true), what);

export const daemonLog = (): string => readFileSync(join(home.data, 'overseerd.log'), 'utf8');

/** Applies a config of one job that sleeps; returns its pid. */
export async function applySleeper(): Promise<number> {
  home.write('jobs.toml', sleeper('job'));
  const [change] = (await home.apply()).changes;
  if (change?.pid === null || change === undefined) throw new Error('the job did not start');
  return change.pid;
}

/** Every daemon of this home that lives. */
export const daemons = (): readonly number[] =>
  home.processes().filter((pid) => commandLine(pid).includes(OVERSEERD));
