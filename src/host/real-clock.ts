import { uptime } from 'node:os';
import type { Clock, Timer } from './clock.ts';

/** The longest delay that Node's timers take; a longer one would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** A timer that fires so late was not late by itself: the daemon was stopped, or the machine slept. */
const GAP_MS = 2_000;

/** The machine's own clock. */
export const realClock: Clock = {
  monotonic: () => performance.now(),
  sinceBoot: () => uptime() * 1000,
  wall: () => Date.now(),
  after: (ms, callback) => armed(Math.min(ms, LONGEST_MS), callback),
};

/**
 * A time-out that passed while nobody could look proves nothing: after a gap the delay runs once more, as long as the
 * gap was, so that what happened meanwhile is heard first.
 */
function armed(ms: number, callback: () => void): Timer {
  const due = performance.now() + ms;
  let handle = setTimeout(() => {
    const gap = performance.now() - due;
    if (gap > GAP_MS) handle = setTimeout(callback, Math.min(gap, ms));
    else callback();
  }, ms);
  return { clear: () => clearTimeout(handle) };
}
