import type { Verdict } from '../../../machines/job.ts';
import type { TestEnd } from '../ports.ts';

/**
 * Exit 0 passes, 1 to 254 fails; 255, a signal, a timeout and a failed start give no verdict. `timedOutMs` is
 * the time limit that the test exceeded, else null.
 */
export function verdictOf(
  end: TestEnd,
  timedOutMs: number | null,
): Pick<Verdict, 'verdict' | 'detail' | 'exitCode' | 'output'> {
  const { code, signal, error, output } = end;
  if (timedOutMs !== null)
    return { verdict: 'unknown', detail: `timed out after ${timedOutMs / 1000} s`, exitCode: null, output };
  if (error !== null)
    return { verdict: 'unknown', detail: `could not run: ${error}`, exitCode: null, output };
  if (code === null)
    return { verdict: 'unknown', detail: `ended by ${signal ?? 'a signal'}`, exitCode: null, output };
  const verdict = code === 0 ? 'pass' : code < 255 ? 'fail' : 'unknown';
  return { verdict, detail: `exited with ${code}`, exitCode: code, output };
}
