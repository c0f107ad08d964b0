import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Above this a collection would hold up the daemon for more than a third of a second. */
const HEAP_MAX_BYTES = 100 * 2 ** 20;

/** Has V8 collect all garbage at once, unless the heap is so large that this would take long. */
export function collectGarbage(mostBytes = HEAP_MAX_BYTES): void {
  if (getHeapStatistics().used_heap_size > mostBytes) return;
  // The function is only defined in contexts that are made while the flag is set.
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof gc === 'function') gc();
}
