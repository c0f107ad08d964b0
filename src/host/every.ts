import type { Clock, Timer } from './clock.ts';

/** Does the work again and again, each time so long after the last. The next time is set before the work: an exception in it ends no supervision. */
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
