import { createInterface } from 'node:readline/promises';

/**
 * Asks at the terminal. Any answer but yes is no, also Ctrl-C and Ctrl-D; Enter alone is the default.
 */
export async function isConfirmed(question: string, isDefault = false): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  const interrupted = new AbortController();
  reader.once('close', () => interrupted.abort());
  reader.once('SIGINT', () => reader.close());
  try {
    const answer = (await reader.question(question, { signal: interrupted.signal })).trim().toLowerCase();
    return answer === '' ? isDefault : answer === 'y' || answer === 'yes';
  } catch {
    process.stdout.write('\n');
    return false;
  } finally {
    reader.close();
  }
}
