import { iterate } from '../../../src/library/iterate.ts';

test('a reader gets every value in order, then the end', async () => {
  const read: number[] = [];
  for await (const value of iterate<number>(async ({ give }) => {
    for (const each of [1, 2, 3]) await give(each);
  }))
    read.push(value);
  expect(read).toEqual([1, 2, 3]);
});

test('a source that awaits each value is never more than one ahead of a slow reader', async () => {
  let given = 0;
  const values = iterate<number>(async ({ give }) => {
    for (given = 1; given <= 3; given += 1) await give(given);
  });
  expect(given).toBe(0);
  await values.next();
  await new Promise(setImmediate);
  expect(given).toBe(1);
  await values.next();
  expect(given).toBe(2);
  await values.return?.();
});

test('a source that fails ends the iteration with its error, after the values that it gave', async () => {
  const values = iterate<string>(async ({ give }) => {
    void give('first');
    throw new Error('broken');
  });
  expect(await values.next()).toEqual({ done: false, value: 'first' });
  await expect(values.next()).rejects.toThrow('broken');
});

test('a reader that leaves early stops the source and releases its pending values', async () => {
  const ends: string[] = [];
  for await (const value of iterate<number>(async ({ give, left }) => {
    left.addEventListener('abort', () => ends.push('left'));
    await Promise.all([give(1), give(2)]);
    ends.push('released');
  })) {
    expect(value).toBe(1);
    break;
  }
  await new Promise(setImmediate);
  expect(ends).toEqual(['left', 'released']);
});
