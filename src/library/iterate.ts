/** Passes values from a source to its reader. */
export interface Sink<Value> {
  /** Resolves when the reader has taken the value: await it, and nothing piles up. */
  readonly give: (value: Value) => Promise<void>;
  /** Aborted when the reader has left. */
  readonly left: AbortSignal;
}

/**
 * Turns a source that pushes into an async iterator. The source begins with the first `next`. The iterator
 * ends when the source resolves, and throws when it rejects.
 */
export async function* iterate<Value>(
  source: (sink: Sink<Value>) => Promise<void>,
): AsyncIterableIterator<Value> {
  const reader = new AbortController();
  const queue: { readonly value: Value; readonly taken: () => void }[] = [];
  let wake = (): void => {};
  let isOver = false;
  const give = (value: Value): Promise<void> =>
    new Promise((taken) => {
      queue.push({ value, taken });
      wake();
    });
  const ended = source({ give, left: reader.signal }).finally(() => {
    isOver = true;
    wake();
  });
  // Awaited below; until then a rejection must not count as unhandled.
  ended.catch(() => {});
  try {
    for (;;) {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        try {
          yield next.value;
        } finally {
          next.taken();
        }
      }
      if (isOver) return await ended;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    reader.abort();
    for (const { taken } of queue.splice(0)) taken();
  }
}
