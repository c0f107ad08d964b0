import fc from 'fast-check';
import { candidatesOf, didYouMean } from '../../../src/text/did-you-mean.ts';

const suggested = (word: string, ...known: readonly string[]): string =>
  didYouMean(word, candidatesOf(known));

test.each([
  ['restrat', 'restart'],
  ['restat', 'restart'],
  ['restaart', 'restart'],
  ['restast', 'restart'],
  ['erstrat', 'restart'],
  ['JOB-COMMAND', 'job_command'],
  ['job command', 'job_command'],
  ['lst', 'ls'],
  ['s', 'ls'],
])('for "%s" the near word "%s" is suggested', (word, wanted) => {
  expect(suggested(word, 'completely-else', wanted)).toBe(`: did you mean "${wanted}"?`);
});

test.each([
  ['rtesatr', 'restart'],
  ['res', 'restart'],
  ['lxx', 'ls'],
  ['abcde', 'abxye'],
  ['abcdefghijkl', 'abcdefghixyz'],
  ['', 'ls'],
])('for "%s" the word "%s" is too far away', (word, known) => {
  expect(suggested(word, known)).toBe('');
});

test('the nearest word is suggested, of two that are equally near the first', () => {
  expect(suggested('stat', 'stop', 'start', 'state')).toBe(': did you mean "start"?');
  expect(suggested('statuss', 'stats', 'status')).toBe(': did you mean "status"?');
  expect(suggested('web', 'wex', 'web')).toBe(': did you mean "web"?');
});

test('a suggestion is written as its candidate says', () => {
  expect(didYouMean('jbos', [{ word: 'jobs', write: '[[jobs]]' }])).toBe(': did you mean [[jobs]]?');
});

test('no time is spent on lists and words that are too long', () => {
  const many = Array.from({ length: 1001 }, (_, at) => `other-${at}-word`);
  expect(suggested('restrat', ...many.slice(0, 999), 'restart')).toBe(': did you mean "restart"?');
  expect(suggested('restrat', ...many.slice(0, 1000), 'restart')).toBe('');
  const long = 'x'.repeat(64);
  expect(suggested(long.slice(1), long)).not.toBe('');
  expect(suggested(long, `${long}x`)).toBe('');
});

/** Optimal string alignment by its definition, without a table. */
function distance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const swapped = a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1);
  return Math.min(
    distance(a.slice(0, -1), b) + 1,
    distance(a, b.slice(0, -1)) + 1,
    distance(a.slice(0, -1), b.slice(0, -1)) + (a.at(-1) === b.at(-1) ? 0 : 1),
    swapped ? distance(a.slice(0, -2), b.slice(0, -2)) + 1 : Infinity,
  );
}

test('a word is near when its letters differ as the definition of the distance allows', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
  fc.assert(
    fc.property(letters, letters, (word, known) => {
      const most = word.length >= 6 ? 2 : 1;
      expect([word, known, suggested(word, known) !== '']).toEqual([
        word,
        known,
        distance(word, known) <= most,
      ]);
    }),
  );
});
