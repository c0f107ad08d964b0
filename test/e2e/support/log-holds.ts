import { awaited, type Home } from './home.ts';

/**
 * Waits until the log of a job is this text: a process of its own copies what a job prints, and on a busy
 * machine it may be later than the end of the job.
 */
export async function logHolds(home: Home, name: string, text: string): Promise<void> {
  await awaited(
    async () => home.log(name) === text || null,
    `${JSON.stringify(text)} in the log of ${name}`,
  ).catch(() => expect(home.log(name)).toBe(text));
}
