import { hasCrashed, type ShownState } from '../../plan/state-tone.ts';
import { printable } from '../../text/printable.ts';
import type { ExitResult } from '../../wire/messages.ts';

type Exit = Pick<ExitResult, 'code' | 'signal'>;

/**
 * The state, with the last exit where that explains it. A scheduled job shows a failed last run until a run
 * succeeds. A job that has not been replaced since its config changed says so.
 */
export function stateWithExit(
  job: ShownState & { readonly lastExit: Exit | null; readonly hasOldConfig?: true },
): string {
  const { state, lastExit, lastRunFailed, hasOldConfig } = job;
  if (hasOldConfig === true) return `${state} (old config)`;
  if (lastExit === null) return state;
  const isTold =
    state === 'backoff' || state === 'failed' || (state === 'waiting' && lastRunFailed) || hasCrashed(job);
  return isTold ? `${state} (${exitWords(lastExit)})` : state;
}

/** `exit 3`, `SIGKILL`, `ended unseen`. */
export function exitWords({ code, signal }: Exit): string {
  if (signal !== null) return printable(signal);
  return code === null ? 'ended unseen' : `exit ${code}`;
}
