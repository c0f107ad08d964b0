import {
  PendingNames,
  progressOf,
  ProgressReporter,
} from '../../../../../src/daemon/requests/steer/progress.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';
import type { Progress } from '../../../../../src/wire/messages.ts';

/** The first `count` of `all` instances. */
const jobs = (all: number) => (count: number) =>
  Array.from({ length: Math.min(all, count) }, (_, at) => ({ name: `${at}`, state: 'starting' as const }));

test('progress counts those that are done, and names ten of the others', () => {
  expect([progressOf(3, 1, jobs(1)), progressOf(3, 3, jobs(3)).done, progressOf(1, 2, jobs(2)).done]).toEqual(
    [{ done: 2, of: 3, pending: [{ job: '0', state: 'starting' }] }, 0, 0],
  );
  expect([progressOf(30, 10, jobs(10)).pending.length, progressOf(30, 11, jobs(11)).pending.length]).toEqual([
    10, 10,
  ]);
});

const at = (...pending: readonly number[]) => {
  const clock = new FakeClock();
  const reported: Progress[] = [];
  const reporter = new ProgressReporter({ of: 3, clock, report: (progress) => reported.push(progress) });
  const first = (count: number) => [{ name: `${count}`, state: 'starting' as const }];
  const note = (...each: readonly number[]): void => each.forEach((number) => reporter.note(number, first));
  note(...pending);
  return { clock, reporter, note, reported, done: () => reported.map(({ done }) => done) };
};

test('progress is reported when its number changes, and not at the end', () => {
  const { clock, note, reported, done } = at(3);
  for (const pending of [3, 2, 5, 0, 2]) {
    clock.advance(100);
    note(pending);
  }
  expect([done(), reported[0]]).toEqual([
    [0, 1, 0, 1],
    { done: 0, of: 3, pending: [{ job: '10', state: 'starting' }] },
  ]);
});

test('T-1601 of changes that follow each other fast, the first and the last are reported', () => {
  const { clock, note, done } = at(3, 2, 1);
  expect(done()).toEqual([0]);
  clock.advance(99);
  expect(done()).toEqual([0]);
  clock.advance(1);
  expect(done()).toEqual([0, 2]);
  note(2);
  clock.advance(100);
  note(3);
  clock.advance(100);
  note(1);
  expect(done()).toEqual([0, 2, 1, 0]);
  clock.advance(100);
  expect(done()).toEqual([0, 2, 1, 0, 2]);
});

test('T-1602 nothing is reported, and no timer is left, when the work is over', () => {
  const { clock, reporter, done } = at(3, 2);
  reporter.end();
  expect(clock.pending).toBe(0);
  clock.advance(1_000);
  expect(done()).toEqual([0]);
});

/** Names that are pending while they are in one of these sets. */
function names(...all: readonly string[]) {
  const pending = new Set(all);
  /** By the name of what they wait for. */
  const waiting: Record<string, readonly string[]> = {};
  const settled = new Set<string>();
  const back = new Set<string>();
  const looked: string[] = [];
  const made = new PendingNames(all, {
    isPending: (name) => {
      looked.push(name);
      return pending.has(name);
    },
    mayComeBack: (name) => back.has(name),
    waits: { waitingFor: (name) => waiting[name] ?? [], outlook: (name) => settled.has(name) },
  });
  const look = (...moved: readonly string[]): readonly string[] => {
    looked.length = 0;
    made.look(moved.length === 0 ? null : new Set(moved));
    return [...looked];
  };
  return { made, look, pending, waiting, settled, back };
}

test('at first all are looked at, then those that moved, and no others', () => {
  const { made, look, pending } = names('a', 'b', 'c');
  expect([made.size, look(), made.size]).toEqual([3, ['a', 'b', 'c'], 3]);
  pending.delete('b');
  expect([look('a', 'foreign'), made.size]).toEqual([['a'], 3]);
  expect([look('b'), made.size]).toEqual([['b'], 2]);
  pending.add('b');
  expect([look('b'), made.size]).toEqual([[], 2]);
});

test('a name that waits for another is looked at when that one moves', () => {
  const { look, waiting, pending, made } = names('a', 'b');
  waiting['b'] = ['a'];
  waiting['foreign'] = ['b'];
  look();
  expect([look('b'), look('a'), look('foreign')]).toEqual([['b', 'a'], ['a'], ['b', 'a']]);
  pending.delete('a');
  expect([look('b'), look('b'), made.size]).toEqual([['b', 'a'], ['b'], 1]);
});

test('names further along a chain are looked at when the outlook of one before them changes', () => {
  const { look, waiting, settled } = names('a', 'b', 'c', 'd');
  Object.assign(waiting, { a: ['b'], b: ['c'], c: ['d'] });
  look();
  // The first outlook of each is news.
  expect([look('a'), look('a')]).toEqual([
    ['a', 'b', 'c', 'd'],
    ['a', 'b'],
  ]);
  settled.add('b');
  expect([look('a'), look('a')]).toEqual([
    ['a', 'b', 'c'],
    ['a', 'b'],
  ]);
});

test('a name that may come back is waited for again, until it is dropped', () => {
  const { look, back, pending, made, waiting } = names('a', 'b');
  back.add('a');
  waiting['b'] = ['a'];
  pending.delete('a');
  look();
  expect(made.size).toBe(1);
  pending.add('a');
  expect([look('b'), made.size]).toEqual([['b', 'a'], 2]);
  back.delete('a');
  made.drop('a');
  expect([look('b'), made.size]).toEqual([['b'], 1]);
});

test('the first pending ones are as many as asked for, where there are so many', () => {
  const { made } = names('a', 'b', 'c');
  expect([made.first(2), made.first(3), made.first(9)]).toEqual([
    ['a', 'b'],
    ['a', 'b', 'c'],
    ['a', 'b', 'c'],
  ]);
});
