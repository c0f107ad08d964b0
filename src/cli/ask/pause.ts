import type { Clock } from '../../host/clock.ts';

/** How often to check a file that another process writes. */
const POLL_MS = 150;

/** Resolves after one poll interval or when interrupted. */
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
