import { printable } from '../../text/printable.ts';
import type { ExitResult, JobStatus } from '../../wire/messages.ts';

/**
 * The state, with the last exit where that explains it. A scheduled job shows a failed last run until a run
 * succeeds.
 */
export function stateWithExit({
  state,
  lastExit,
  lastRunFailed,
}: Pick<JobStatus, 'state' | 'lastExit' | 'lastRunFailed'>): string {
  if (lastExit === null) return state;
  const isTold = state === 'backoff' || state === 'failed' || (state === 'waiting' && lastRunFailed);
  return isTold ? `${state} (${exitWords(lastExit)})` : state;
}

/** `exit 3`, `SIGKILL`, `ended unseen`. */
export function exitWords({ code, signal }: Pick<ExitResult, 'code' | 'signal'>): string {
  if (signal !== null) return printable(signal);
  return code === null ? 'ended unseen' : `exit ${code}`;
}
