import { collectGarbage } from '../../../src/daemon/collect-garbage.ts';
import { Lulls } from '../../../src/daemon/lulls.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const MANY = 100;

class Tidied {
  readonly clock = new FakeClock();
  times = 0;
  readonly lulls = new Lulls({ clock: this.clock, tidy: () => (this.times += 1) });

  step(count: number): this {
    for (let step = 0; step < count; step += 1) this.lulls.noteStep();
    return this;
  }

  /** How often it was tidied by the end of this time. */
  after(ms: number): number {
    this.clock.advance(ms);
    return this.times;
  }
}

test('T-1650 memory is given back once after the start, and once after each burst of steps', () => {
  const start = new Tidied();
  expect([start.after(249), start.after(1), start.after(60_000), start.clock.pending]).toEqual([0, 1, 1, 0]);
  start.step(MANY);
  expect([start.after(249), start.after(1), start.after(60_000), start.clock.pending]).toEqual([1, 2, 2, 0]);
});

test('nothing is tidied while the burst lasts', () => {
  const during = new Tidied();
  for (let turn = 0; turn < 20; turn += 1) expect(during.step(100).after(200)).toBe(0);
  expect(during.after(500)).toBe(1);
});

test('few steps set no timer, and add up', () => {
  const few = new Tidied();
  few.after(1_000);
  expect(few.step(MANY - 1).clock.pending).toBe(0);
  expect(few.after(60_000)).toBe(1);
  expect(few.step(1).clock.pending).toBe(1);
  expect(few.after(60_000)).toBe(2);
  expect(few.step(MANY - 1).clock.pending).toBe(0);
});

test('after its end nothing is tidied any more', () => {
  const ended = new Tidied();
  ended.lulls.end();
  expect(ended.step(2 * MANY).clock.pending).toBe(0);
  expect(ended.after(60_000)).toBe(0);
});

test('T-1652 a collection frees what nothing refers to, unless the heap is too large for it', async () => {
  const gone = new WeakRef({});
  // A reference that was just used holds its object until the end of the turn.
  await new Promise(setImmediate);
  collectGarbage(0);
  expect(gone.deref()).toEqual({});
  await new Promise(setImmediate);
  collectGarbage(Infinity);
  expect(gone.deref()).toBeUndefined();
  expect('gc' in globalThis).toBe(false);
});
