import type { Clock } from '../../host/clock.ts';

/** How often a file is looked at that somebody else writes. */
const POLL_MS = 150;

/** Until it is time to look again, or there is no more time. */
export function pause(clock: Clock, interrupted: AbortSignal, ms = POLL_MS): Promise<void> {
  if (interrupted.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = clock.after(ms, done);
    function done(): void {
      timer.clear();
      interrupted.removeEventListener('abort', done);
      resolve();
    }
    interrupted.addEventListener('abort', done);
  });
}
