import { execFile } from 'node:child_process';
import { environmentFor, type Homes } from '../homes.ts';
import { givenEnvironment } from '../time-zone.ts';
import type { Reply, TriggerRequest } from '../wire/messages.ts';

/** More than any plan. */
const ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * Has the daemon's program say what a trigger would do, from what the last daemon kept. No daemon is started,
 * nothing is changed.
 */
export function planOffline(
  program: string,
  homes: Homes,
  { allowEmpty, replace = false, jobs = [] }: TriggerRequest,
): Promise<Reply> {
  const flags = [...(allowEmpty ? ['--allow-empty'] : []), ...(replace ? ['--replace'] : [])];
  const args = [program, '--plan', ...flags, ...jobs.map((job) => `--job=${job}`)];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { env: environmentFor(homes, givenEnvironment()), maxBuffer: ANSWER_BYTES },
      (error, stdout, stderr) => {
        if (error === null) resolve(JSON.parse(stdout) as Reply);
        else
          resolve({
            kind: 'refusal',
            refusal: {
              code: 'internal',
              message: `no plan could be made: ${stderr.trim() || error.message}`,
            },
          });
      },
    );
  });
}
