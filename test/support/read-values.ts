/** The values that an iterable gives until it ends, or the first so many of them. */
export async function read<T>(values: AsyncIterable<T>, count = Infinity): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const value of values) {
    all.push(value);
    if (all.length === count) break;
  }
  return all;
}
