import type { Turns } from './clock.ts';

/** So much work is done in one turn, in milliseconds. */
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
