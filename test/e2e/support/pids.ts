import { home } from './fresh-home.ts';

export const pids = async (): Promise<Record<string, number | null>> =>
  Object.fromEntries((await home.status()).jobs.map(({ name, pid }) => [name, pid]));
