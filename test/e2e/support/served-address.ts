import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { awaited } from './home.ts';

/** The address that a command which serves a page prints with `--json`. */
export async function servedAddress(child: ChildProcessWithoutNullStreams): Promise<string> {
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return awaited(
    async () => (said.endsWith('}\n') ? (JSON.parse(said) as { url: string }).url : null),
    'an address',
  );
}
