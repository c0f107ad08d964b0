import { measureUsage } from '../../../../src/cli/usage/measure.ts';

test('what is used is measured between two looks, and nothing where nobody asks', async () => {
  const began = performance.now();
  expect(await measureUsage([])).toEqual(new Map());
  expect(performance.now() - began).toBeLessThan(200);
  const busyUntil = performance.now() + 2_000;
  let isOver = false;
  const work = (): void => {
    if (!isOver && performance.now() < busyUntil) setImmediate(work);
  };
  work();
  const usages = await measureUsage([process.pid, 2 ** 22 + 1], new Set([process.pid]));
  isOver = true;
  expect([...usages.keys()]).toEqual([process.pid]);
  const { cpuPercent = 0, memoryBytes = 0, cpuSeconds = 0 } = usages.get(process.pid) ?? {};
  expect([cpuPercent > 0, memoryBytes > 1e7, cpuSeconds > 0]).toEqual([true, true, true]);
});
