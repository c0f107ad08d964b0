import { FakeClock } from '../support/fake-clock.ts';

test('timers call back in the order of their deadlines, equal ones in the order they were set', () => {
  const clock = new FakeClock(0);
  const calls: string[] = [];
  for (const [name, ms] of [
    ['c', 30],
    ['a', 10],
    ['d', 30],
    ['b', 20],
  ] as const)
    clock.after(ms, () => calls.push(`${name}${clock.wall()}`));
  clock.after(15, () => calls.push('never')).clear();
  clock.advance(25);
  expect([calls, clock.pending]).toEqual([['a10', 'b20'], 2]);
  clock.advance(5);
  expect(calls).toEqual(['a10', 'b20', 'c30', 'd30']);
});

test('a timer that sets itself anew is called at each of its times', () => {
  const clock = new FakeClock(0);
  const times: number[] = [];
  const again = (): void => {
    times.push(clock.monotonic());
    clock.after(10, again);
  };
  clock.after(10, again);
  clock.advance(45);
  expect(times).toEqual([10, 20, 30, 40]);
});

test('thousands of timers come in order', () => {
  const clock = new FakeClock(0);
  const times: number[] = [];
  for (let index = 0; index < 4_000; index += 1)
    clock.after((index * 7_919) % 4_001, () => times.push(clock.monotonic()));
  clock.advance(5_000);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times).toHaveLength(4_000);
});
