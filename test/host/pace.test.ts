import { Pace, pacedClock } from '../../src/host/pace.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** Turns that have room for this many pieces of work, and begin when the test says so. */
class CountedTurns {
  readonly #room: number;
  #left: number;
  #next: (() => void) | null = null;

  constructor(room: number) {
    this.#room = room;
    this.#left = room;
  }

  isSpent(): boolean {
    this.#left -= 1;
    return this.#left < 0;
  }

  next(callback: () => void): void {
    this.#next = callback;
  }

  /** Runs the waiting callback. False if there is none. */
  come(): boolean {
    const callback = this.#next;
    this.#next = null;
    this.#left = this.#room;
    callback?.();
    return callback !== null;
  }
}

test('a burst is handled in order, some of it each turn, and what it causes comes last', () => {
  const turns = new CountedTurns(2);
  const pace = new Pace(turns);
  const done: string[] = [];
  for (const name of ['a', 'b', 'c', 'd', 'e'])
    pace.do(() => {
      done.push(name);
      if (name === 'c') pace.do(() => done.push('of c'));
    });
  const seen = [[...done]];
  while (turns.come()) seen.push([...done]);
  expect(seen).toEqual([
    ['a', 'b'],
    ['a', 'b', 'c', 'd', 'e'],
    ['a', 'b', 'c', 'd', 'e', 'of c'],
  ]);
});

test('work that finds the turn spent still moves on by one piece each turn', () => {
  const turns = new CountedTurns(0);
  const pace = new Pace(turns);
  const done: number[] = [];
  for (const number of [1, 2, 3]) pace.do(() => done.push(number));
  expect(done).toEqual([]);
  turns.come();
  expect(done).toEqual([1]);
  turns.come();
  turns.come();
  expect(done).toEqual([1, 2, 3]);
});

test('each turn is asked for once, and work goes at once when nothing waits any more', () => {
  let asked = 0;
  const turns = new CountedTurns(1);
  const next = turns.next.bind(turns);
  turns.next = (callback) => {
    asked += 1;
    next(callback);
  };
  const pace = new Pace(turns);
  const done: string[] = [];
  for (const name of ['a', 'b', 'c', 'd', 'e']) pace.do(() => done.push(name));
  expect([asked, done]).toEqual([1, ['a']]);
  turns.come();
  turns.come();
  expect([asked, done]).toEqual([2, ['a', 'b', 'c', 'd', 'e']]);
  expect(turns.come()).toBe(false);
  pace.do(() => done.push('f'));
  expect([asked, done.at(-1)]).toEqual([2, 'f']);
});

test('work does not overtake what waits, although its turn has room', () => {
  const turns = new CountedTurns(1);
  const pace = new Pace(turns);
  const done: string[] = [];
  pace.do(() => done.push('a'));
  pace.do(() => done.push('b'));
  turns.isSpent = () => false;
  pace.do(() => done.push('c'));
  expect(done).toEqual(['a']);
  turns.come();
  expect(done).toEqual(['a', 'b', 'c']);
});

test('a paced clock tells the same times, and clears the timer of the clock below', () => {
  const clock = new FakeClock(1_000);
  const paced = pacedClock(clock, new Pace(new CountedTurns(9)));
  clock.advance(7);
  expect([paced.monotonic(), paced.wall(), paced.sinceBoot()]).toEqual([7, 1_007, 7]);
  paced.after(5, () => undefined).clear();
  expect(clock.pending).toBe(0);
});

test('a timer that is cleared while it waits for its turn never fires', () => {
  const clock = new FakeClock();
  const turns = new CountedTurns(1);
  const paced = pacedClock(clock, new Pace(turns));
  const fired: string[] = [];
  const timers = ['a', 'b', 'c'].map((name) => paced.after(10, () => fired.push(name)));
  clock.advance(10);
  expect(fired).toEqual(['a']);
  timers[1]?.clear();
  while (turns.come());
  expect(fired).toEqual(['a', 'c']);
});

test('T-1711 a time-out that had to wait for its turn lets what waits with it go first', () => {
  const clock = new FakeClock();
  const turns = new CountedTurns(1);
  const pace = new Pace(turns);
  const paced = pacedClock(clock, pace);
  const told: string[] = [];
  for (const name of ['a', 'b']) pace.do(() => told.push(name));
  const timeOut = paced.after(1_000, () => told.push('too late'));
  clock.advance(1_000);
  // It ends while it is waited for, and that has to wait for its turn as well.
  pace.do(() => {
    told.push('ended');
    timeOut.clear();
  });
  clock.advance(400);
  while (turns.come());
  clock.advance(10_000);
  expect([told, clock.pending]).toEqual([['a', 'b', 'ended'], 0]);
});

test('a time-out that always has to wait comes in the end, later by what it had to wait', () => {
  const clock = new FakeClock();
  const turns = new CountedTurns(0);
  const pace = new Pace(turns);
  const fired: number[] = [];
  pacedClock(clock, pace).after(1_000, () => fired.push(clock.monotonic()));
  clock.advance(700);
  for (let turn = 0; turn < 10; turn += 1) {
    clock.advance(300);
    clock.advance(300);
    turns.come();
  }
  expect(fired).toEqual([3_100]);
});

test('a timer that waits for a short time, or is for at once, fires in its turn', () => {
  const clock = new FakeClock();
  const turns = new CountedTurns(0);
  const paced = pacedClock(clock, new Pace(turns));
  const fired: string[] = [];
  paced.after(1_000, () => fired.push('soon'));
  clock.advance(1_000);
  clock.advance(250);
  turns.come();
  paced.after(0, () => fired.push('at once'));
  clock.advance(0);
  clock.advance(5_000);
  turns.come();
  expect(fired).toEqual(['soon', 'at once']);
});
