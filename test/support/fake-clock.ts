import type { Clock, Timer } from '../../src/host/ports.ts';

/** The longest delay that a real timer keeps. */
const LONGEST_MS = 2 ** 31 - 1;

interface Entry {
  readonly at: number;
  readonly order: number;
  callback: (() => void) | null;
}

/** Simulated time: stands still until `advance`, then calls back in the order of the deadlines, equal ones in the order they were set. */
export class FakeClock implements Clock {
  readonly #heap: Entry[] = [];
  readonly #startWall: number;
  #now = 0;
  #order = 0;

  constructor(startWall = Date.UTC(2026, 0, 1)) {
    this.#startWall = startWall;
  }

  monotonic(): number {
    return this.#now;
  }

  wall(): number {
    return this.#startWall + this.#now;
  }

  after(ms: number, callback: () => void): Timer {
    const entry: Entry = { at: this.#now + Math.min(Math.max(0, ms), LONGEST_MS), order: this.#order++, callback };
    this.#push(entry);
    return { clear: () => (entry.callback = null) };
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#heap.filter(({ callback }) => callback !== null).length;
  }

  /** Lets so much time pass; timers that are set meanwhile are called as well when they fall due. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (let next = this.#next(); next !== undefined && next.at <= until; next = this.#next()) {
      this.#now = next.at;
      this.#call(next);
    }
    this.#now = until;
  }

  /** Calls the timer that falls due after exactly so many milliseconds, before its time and out of turn; false when there is none. */
  fireEarly(ms: number): boolean {
    const entry = this.#heap.find(({ at, callback }) => callback !== null && at === this.#now + ms);
    if (entry !== undefined) this.#call(entry);
    return entry !== undefined;
  }

  #call(entry: Entry): void {
    const { callback } = entry;
    entry.callback = null;
    callback?.();
  }

  /** The first timer that was not cleared; cleared ones are dropped on the way. */
  #next(): Entry | undefined {
    while (this.#heap[0]?.callback === null) this.#pop();
    return this.#heap[0];
  }

  #push(entry: Entry): void {
    let index = this.#heap.length;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = this.#heap[above]!;
      if (isBefore(parent, entry)) break;
      this.#heap[index] = parent;
      index = above;
    }
    this.#heap[index] = entry;
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    let index = 0;
    for (let child = this.#smallerChild(0); child !== null && isBefore(this.#heap[child]!, last); child = this.#smallerChild(index)) {
      this.#heap[index] = this.#heap[child]!;
      index = child;
    }
    this.#heap[index] = last;
  }

  #smallerChild(index: number): number | null {
    const left = 2 * index + 1;
    if (left >= this.#heap.length) return null;
    const right = this.#heap[left + 1];
    return right !== undefined && isBefore(right, this.#heap[left]!) ? left + 1 : left;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
