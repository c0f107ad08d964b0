import type { Turns } from './clock.ts';

/** Milliseconds of work in one turn of the event loop. */
const TURN_MS = 10;

/** The turns of Node's event loop. */
export function realTurns(): Turns {
  let begun: number | null = null;
  return {
    isSpent: () => {
      if (begun !== null) return performance.now() - begun > TURN_MS;
      begun = performance.now();
      setImmediate(() => (begun = null));
      return false;
    },
    next: (callback) => {
      setImmediate(callback);
    },
  };
}
