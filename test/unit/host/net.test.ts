import { setTimeout as delay } from 'node:timers/promises';
import { currentNet, inCurrentNet, Net } from '../../../src/host/net.ts';
import { every } from '../../../src/host/every.ts';
import { FakeClock } from '../../support/fake-clock.ts';

function noting(): { readonly net: Net; readonly faults: unknown[] } {
  const faults: unknown[] = [];
  return { net: new Net((error, isAnswered) => faults.push([(error as Error).message, isAnswered])), faults };
}

const throws = (): never => {
  throw new Error('planted');
};

test('an exception in work of an owner is heard by its owner and ends there', () => {
  const { net, faults } = noting();
  net.run(throws);
  expect(faults).toEqual([['planted', false]]);
});

test('a fault that an owner reports has no answer', () => {
  const { net, faults } = noting();
  net.fault(new Error('reported'));
  expect(faults).toEqual([['reported', false]]);
});

test('a question that throws has the answer that was given for that', () => {
  const { net, faults } = noting();
  expect([
    net.ask(
      () => 1,
      () => 2,
    ),
    net.ask(throws, (detail) => detail),
  ]).toEqual([1, 'planted']);
  expect(faults).toEqual([['planted', true]]);
});

test('the owner is known in the timers and promises that its work leads to', async () => {
  const { net } = noting();
  const owners: unknown[] = [];
  net.run(() => {
    void delay(1).then(() => owners.push(currentNet()));
    setImmediate(() => owners.push(currentNet()));
  });
  await delay(20);
  expect([owners, currentNet()]).toEqual([[net, net], undefined]);
});

test('work that waits in a shared queue is done for its own owner', () => {
  const one = noting();
  const other = noting();
  const queue: (() => void)[] = [];
  one.net.run(() => queue.push(inCurrentNet(throws)));
  other.net.run(() => {
    for (const work of queue) work();
  });
  expect([one.faults, other.faults]).toEqual([[['planted', false]], []]);
});

test('a recurring task goes on after an exception', () => {
  const clock = new FakeClock();
  let times = 0;
  const timer = every(clock, 10, () => {
    times += 1;
    if (times === 1) throw new Error('planted');
  });
  expect(() => clock.advance(10)).toThrow('planted');
  clock.advance(20);
  timer.clear();
  clock.advance(100);
  expect([times, clock.pending]).toEqual([3, 0]);
});
