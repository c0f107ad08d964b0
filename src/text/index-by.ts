/** Items by each of their keys, in their order. */
export function indexBy<K, T>(
  items: Iterable<T>,
  keysOf: (item: T) => readonly K[],
): ReadonlyMap<K, readonly T[]> {
  const index = new Map<K, T[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      const there = index.get(key);
      if (there === undefined) index.set(key, [item]);
      else there.push(item);
    }
  }
  return index;
}
