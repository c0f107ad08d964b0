const queue: (() => void)[] = [];

/** Does one spawn a turn of the event loop: a fork blocks it for milliseconds, and exits would starve behind a row of them. */
export function enqueueSpawn(work: () => void): void {
  queue.push(work);
  if (queue.length === 1) setImmediate(spawnNext);
}

function spawnNext(): void {
  queue[0]?.();
  queue.shift();
  if (queue.length > 0) setImmediate(spawnNext);
}
