import { home } from './fresh-home.ts';
import { awaited, isAlive, kill } from './home.ts';

/** Kills the daemon as a crash would; the jobs live on. */
export async function killDaemon(): Promise<void> {
  const pid = home.daemonPid();
  kill(pid, 'SIGKILL');
  await awaited(async () => (isAlive(pid) ? null : true), 'the daemon gone');
}
