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
