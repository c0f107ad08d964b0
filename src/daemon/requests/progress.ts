import type { Progress } from '../../wire/messages.ts';

/** The most pending instances that a progress message names. */
const MOST_NAMED = 10;

export function progressOf(of: number, pending: Progress['pending']): Progress {
  return { done: Math.max(0, of - pending.length), of, pending: pending.slice(0, MOST_NAMED) };
}

/** Reports the progress of work on `of` instances whenever the number of pending ones changes. */
export function progressReporter(
  of: number,
  report: (progress: Progress) => void,
): (pending: Progress['pending']) => void {
  let reported = 0;
  return (pending) => {
    if (pending.length > 0 && pending.length !== reported) report(progressOf(of, pending));
    reported = pending.length;
  };
}
