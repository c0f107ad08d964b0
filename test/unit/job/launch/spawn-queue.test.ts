import { Net } from '../../../../src/host/net.ts';
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

test('work that throws is a fault of its owner, and the next one still comes', async () => {
  const done: string[] = [];
  const owner = new Net((error) => done.push((error as Error).message));
  owner.run(() =>
    enqueueSpawn(() => {
      throw new Error('a fault');
    }),
  );
  enqueueSpawn(() => done.push('next'));
  while (done.length < 2) await turn();
  expect(done).toEqual(['a fault', 'next']);
});
