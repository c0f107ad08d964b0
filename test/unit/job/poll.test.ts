import { Poll } from '../../../src/job/poll.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** The times, from the beginning, at which it is asked, until the answer is yes. */
function askedAt(
  options: { readonly firstMs: number; readonly mostMs: number },
  times: number,
): readonly number[] {
  const clock = new FakeClock(0);
  const at: number[] = [];
  new Poll(clock).until(() => at.push(clock.wall()) === times, options);
  for (let step = 0; step < 2_000; step += 1) clock.advance(1);
  expect([at.length, clock.pending]).toEqual([times, 0]);
  return at;
}

test('a poll comes at growing intervals, from 15 ms on, and none longer than the longest', () => {
  expect(askedAt({ firstMs: 0, mostMs: 100 }, 7)).toEqual([0, 15, 45, 105, 205, 305, 405]);
  expect(askedAt({ firstMs: 40, mostMs: 100 }, 4)).toEqual([40, 120, 220, 320]);
  expect(askedAt({ firstMs: 500, mostMs: 500 }, 3)).toEqual([500, 1000, 1500]);
});

test('a new poll replaces the one that waits, and none comes after the end', () => {
  const clock = new FakeClock(0);
  const poll = new Poll(clock);
  const called: string[] = [];
  poll.after(10, () => called.push('first'));
  poll.after(20, () => called.push('second'));
  expect(clock.pending).toBe(1);
  clock.advance(30);
  poll.after(10, () => called.push('third'));
  poll.clear();
  clock.advance(30);
  expect([called, clock.pending]).toEqual([['second'], 0]);
});
