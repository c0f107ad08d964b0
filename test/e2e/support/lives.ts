import { home } from './fresh-home.ts';

/** What must stay the same of jobs that nobody meant. */
export async function lives(): Promise<readonly string[]> {
  return (await home.status()).jobs.map(({ name, pid, startedAt }) => `${name} ${pid} ${startedAt}`);
}
