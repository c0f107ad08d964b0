import type { JobInstance } from '../../../../src/fleet/job-instance.ts';
import { StopQueue, type StopReason } from '../../../../src/fleet/turns/stop-queue.ts';

const UP = { isUp: true, isUnwanted: true, isStoppedByHand: false } as JobInstance;

let later: (() => void)[] = [];
let begun: string[] = [];
let queue: StopQueue;
beforeEach(() => {
  later = [];
  begun = [];
  queue = new StopQueue({
    get: () => UP,
    dependents: () => [],
    dependencies: () => [],
    onChange: () => undefined,
    standing: () => 'up',
    later: (goOn) => later.push(goOn),
  });
});

const names = Array.from({ length: 250 }, (_, index) => `c${index}`);

function begin(why: StopReason): void {
  for (const name of names) queue.add(name, why, () => begun.push(name));
  queue.advance();
}

function turn(): number {
  const before = begun.length;
  for (const goOn of later.splice(0)) goOn();
  return begun.length - before;
}

test('manual stops of very many jobs begin in several turns of the event loop, in their order', () => {
  begin('Stop');
  // Every step of a job advances the queue, within the same turn.
  queue.advance();
  expect(begun.length).toBe(100);
  expect([turn(), turn(), turn(), turn()]).toEqual([100, 50, 0, 0]);
  expect([begun, later]).toEqual([names, []]);
});

test('the next stop begins at once when the turns of the last one are over', () => {
  begin('Stop');
  while (later.length > 0) turn();
  queue.add('c300', 'Stop', () => begun.push('c300'));
  queue.advance();
  expect(begun.at(-1)).toBe('c300');
});

test.each<StopReason>(['Die', 'Remove'])('the queue begins a %s with all jobs at once', (why) => {
  begin(why);
  expect([begun.length, later]).toEqual([250, []]);
});
