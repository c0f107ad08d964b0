import type { Clock, Timer } from './clock.ts';

/**
 * Repeats the work after a fixed pause. The next timer is set before the work begins, so an exception in the
 * work does not end the repetition.
 */
export function every(clock: Clock, ms: number, work: () => void): Timer {
  let timer: Timer;
  const again = (): void => {
    timer = clock.after(ms, () => {
      again();
      work();
    });
  };
  again();
  return { clear: () => timer.clear() };
}
