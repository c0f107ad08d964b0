import type { Progress } from '../../wire/messages.ts';

/** So many of those that are waited for are named. */
const PENDING_TOLD = 10;

/** Tells how far something is that so many instances take part in, each time that one more of them is done. */
export function progressTeller(
  of: number,
  tell: (progress: Progress) => void,
): (pending: Progress['pending']) => void {
  let told = 0;
  return (pending) => {
    if (pending.length > 0 && pending.length !== told)
      tell({ done: Math.max(0, of - pending.length), of, pending: pending.slice(0, PENDING_TOLD) });
    told = pending.length;
  };
}
