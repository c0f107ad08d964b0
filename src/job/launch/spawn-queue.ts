import { inCurrentNet } from '../../host/net.ts';

const queue: (() => void)[] = [];

/** Does one spawn a turn of the event loop: a fork blocks it for milliseconds, and exits would starve behind a row of them. */
export function enqueueSpawn(work: () => void): void {
  queue.push(inCurrentNet(work));
  if (queue.length === 1) setImmediate(spawnNext);
}

function spawnNext(): void {
  // Set before the work: an exception in it must not keep the others from their turn.
  if (queue.length > 1) setImmediate(spawnNext);
  queue.shift()?.();
}
