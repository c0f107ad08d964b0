import type { WebJob } from '../messages.ts';

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** `3d 4h`, `12m 5s`, `0s`. */
export function duration(ms: number): string {
  let seconds = Math.max(0, Math.floor(ms / 1000));
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(seconds / size);
    seconds -= count * size;
    if (count > 0 || parts.length > 0 || unit === 's') parts.push(`${count}${unit}`);
  }
  return parts.slice(0, 2).join(' ');
}

/** With the last exit where that explains the state. */
export function stateText({ state, lastExit, lastRunFailed }: WebJob): string {
  const isTold = state === 'backoff' || state === 'failed' || (state === 'waiting' && lastRunFailed);
  return isTold && lastExit !== null ? `${state} (${exitText(lastExit)})` : state;
}

export function exitText({ code, signal }: NonNullable<WebJob['lastExit']>): string {
  return signal ?? (code === null ? 'ended unseen' : `exit ${code}`);
}

/** Since when it has been up, or when it starts. */
export function whenText({ pid, startedAt, nextStartAt }: WebJob, now: number): string {
  if (pid !== null && startedAt !== null) return duration(now - Date.parse(startedAt));
  return nextStartAt === null ? '' : `in ${duration(Date.parse(nextStartAt) - now)}`;
}
