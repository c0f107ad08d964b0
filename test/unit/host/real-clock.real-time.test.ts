import { uptime } from 'node:os';
import { Pace, pacedClock } from '../../../src/host/pace.ts';
import { realClock } from '../../../src/host/real-clock.ts';
import { realTurns } from '../../../src/host/real-turns.ts';
import { configurationInWords } from '../../../src/host/trace.ts';

/** Lets so much time pass that no turn of the event loop begins meanwhile. */
function busyFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('the clock is the machine’s own, in milliseconds', () => {
  const monotonic = Number(process.hrtime.bigint()) / 1e6;
  const [wall, boot] = [Date.now(), uptime() * 1000];
  const passed = [realClock.monotonic() - monotonic, realClock.wall() - wall, realClock.sinceBoot() - boot];
  expect(passed.map((ms) => ms > -1000 && ms < 60_000)).toEqual([true, true, true]);
});

test('a paced clock tells the times of the clock that it paces', () => {
  const clock = { ...realClock, monotonic: () => 1, sinceBoot: () => 2, wall: () => 3 };
  const paced = pacedClock(clock, new Pace(realTurns()));
  expect([paced.monotonic(), paced.sinceBoot(), paced.wall()]).toEqual([1, 2, 3]);
});

test('a timer calls once, and not after it was cleared', async () => {
  const called: string[] = [];
  realClock.after(1, () => called.push('cleared')).clear();
  await new Promise<void>((resolve) => realClock.after(5, resolve));
  // Longer than Node's timers can be: it must not call at once.
  const long = realClock.after(2 ** 40, () => called.push('long'));
  await new Promise<void>((resolve) => realClock.after(5, resolve));
  long.clear();
  expect(called).toEqual([]);
});

test('a timer that is late by less than a gap calls at once', async () => {
  const order: string[] = [];
  realClock.after(1, () => order.push('ours'));
  setTimeout(() => order.push('later'), 2);
  busyFor(20);
  await new Promise<void>((resolve) => setTimeout(resolve, 5));
  expect(order).toEqual(['ours', 'later']);
});

test('a timer that comes after a gap lets what happened in the gap go first', async () => {
  const order: string[] = [];
  const ours = new Promise<void>((resolve) =>
    realClock.after(20, () => {
      order.push('ours');
      resolve();
    }),
  );
  setTimeout(() => order.push('in the gap'), 25);
  busyFor(2_100);
  await ours;
  expect(order).toEqual(['in the gap', 'ours']);
});

test('a turn is spent after ten milliseconds of work, and the next one begins anew', async () => {
  const turns = realTurns();
  expect(turns.isSpent()).toBe(false);
  busyFor(11);
  expect([turns.isSpent(), turns.isSpent()]).toEqual([true, true]);
  await nextTurn();
  expect(turns.isSpent()).toBe(false);
});

test('work for the next turn comes after the work of this turn', async () => {
  const order: string[] = [];
  realTurns().next(() => order.push('next'));
  order.push('this');
  await nextTurn();
  expect(order).toEqual(['this', 'next']);
});

test('a configuration in words names each leaf with its parents', () => {
  expect(configurationInWords('Running')).toBe('Running');
  expect(configurationInWords({ want: 'Yes', child: { Up: 'Running' }, test: undefined })).toBe(
    'want.Yes child.Up.Running test',
  );
});
