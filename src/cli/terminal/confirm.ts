import { createInterface } from 'node:readline/promises';

/** Asks whoever sits at the terminal; anything but yes is no, Ctrl-C and Ctrl-D too. */
export async function isConfirmed(question: string): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  const interrupted = new AbortController();
  reader.once('close', () => interrupted.abort());
  reader.once('SIGINT', () => reader.close());
  try {
    const answer = (await reader.question(question, { signal: interrupted.signal })).trim().toLowerCase();
    return answer === 'y' || answer === 'yes';
  } catch {
    process.stdout.write('\n');
    return false;
  } finally {
    reader.close();
  }
}
