import { inCurrentNet } from '../../host/net.ts';

const queue: (() => void)[] = [];

/**
 * One spawn per turn of the event loop: a fork blocks it for milliseconds, and a row of them would starve the
 * handling of exits.
 */
export function enqueueSpawn(work: () => void): void {
  queue.push(inCurrentNet(work));
  if (queue.length === 1) setImmediate(spawnNext);
}

function spawnNext(): void {
  // Scheduled before the work, so that an exception does not stop the queue.
  if (queue.length > 1) setImmediate(spawnNext);
  queue.shift()?.();
}
