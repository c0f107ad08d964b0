import { enqueueSpawn } from '../../../../src/job/launch/spawn-queue.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('one spawn comes in each turn of the event loop, in order', async () => {
  const done: string[] = [];
  for (const name of ['a', 'b', 'c']) enqueueSpawn(() => done.push(name));
  expect(done).toEqual([]);
  const seen: number[] = [];
  while (done.length < 3) {
    await turn();
    seen.push(done.length);
  }
  expect([done, seen]).toEqual([
    ['a', 'b', 'c'],
    [1, 2, 3],
  ]);
  enqueueSpawn(() => done.push('d'));
  await turn();
  expect(done.at(-1)).toBe('d');
});
