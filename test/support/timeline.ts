import type { Timer } from '../../src/host/clock.ts';

/** The longest delay that a real timer keeps. */
const LONGEST_MS = 2 ** 31 - 1;

interface Entry {
  readonly at: number;
  readonly order: number;
  run: (() => void) | null;
}

/**
 * Simulated time: what will happen, in the order of its time, and at equal times in the order in which it was
 * set.
 */
export class Timeline {
  readonly #heap: Entry[] = [];
  #now = 0;
  #order = 0;

  get now(): number {
    return this.#now;
  }

  /** How much is set and has not been cleared. */
  get pending(): number {
    return this.#heap.filter(({ run }) => run !== null).length;
  }

  after(ms: number, run: () => void): Timer {
    const entry: Entry = { at: this.#now + Math.min(Math.max(0, ms), LONGEST_MS), order: this.#order++, run };
    this.#push(entry);
    return { clear: () => (entry.run = null) };
  }

  /**
   * Takes the next thing that happens before `until` off the line and goes to its time; null when there is
   * none.
   */
  next(until: number): (() => void) | null {
    for (let entry = this.#heap[0]; entry !== undefined && entry.at <= until; entry = this.#heap[0]) {
      this.#pop();
      if (entry.run === null) continue;
      this.#now = entry.at;
      return takenFrom(entry);
    }
    this.#now = until;
    return null;
  }

  /**
   * Takes something that happens at exactly that time off the line, before its time and out of turn; null
   * when there is nothing.
   */
  takeEarly(at: number): (() => void) | null {
    const entry = this.#heap.find((each) => each.run !== null && each.at === at);
    return entry === undefined ? null : takenFrom(entry);
  }

  #push(entry: Entry): void {
    let index = this.#heap.length;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = this.#heap[above] as Entry;
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
    for (
      let child = this.#smallerChild(0);
      child !== null && isBefore(this.#heap[child] as Entry, last);
      child = this.#smallerChild(index)
    ) {
      this.#heap[index] = this.#heap[child] as Entry;
      index = child;
    }
    this.#heap[index] = last;
  }

  #smallerChild(index: number): number | null {
    const left = 2 * index + 1;
    if (left >= this.#heap.length) return null;
    const right = this.#heap[left + 1];
    return right !== undefined && isBefore(right, this.#heap[left] as Entry) ? left + 1 : left;
  }
}

function takenFrom(entry: Entry): (() => void) | null {
  const { run } = entry;
  entry.run = null;
  return run;
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
