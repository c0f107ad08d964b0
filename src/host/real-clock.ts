import type { Clock, Timer } from './clock.ts';

/** The longest delay that Node's timers take; a longer one would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** A timer that fires this late means that the daemon was suspended or the machine slept. */
const GAP_MS = 2_000;

/** The machine's own clock. */
export const realClock: Clock = {
  monotonic,
  sinceBoot: () => process.getBuiltinModule('node:os').uptime() * 1000,
  wall: () => Date.now(),
  after: (ms, callback) => (ms > 0 ? armed(Math.min(ms, LONGEST_MS), callback) : atOnce(callback)),
};

/** Not `performance.now()`: to load what that belongs to takes a command a twentieth of its time. */
function monotonic(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/** In the next turn of the event loop; Node's shortest timeout is a whole millisecond. */
function atOnce(callback: () => void): Timer {
  const handle = setImmediate(callback);
  return { clear: () => clearImmediate(handle) };
}

/**
 * A timeout that passed during such a gap proves nothing. The delay then runs once more, at most as long as
 * the gap, so that events from the gap are handled first.
 */
function armed(ms: number, callback: () => void): Timer {
  const due = monotonic() + ms;
  let handle = setTimeout(() => {
    const gap = monotonic() - due;
    if (gap > GAP_MS) handle = setTimeout(callback, Math.min(gap, ms));
    else callback();
  }, ms);
  return { clear: () => clearTimeout(handle) };
}
