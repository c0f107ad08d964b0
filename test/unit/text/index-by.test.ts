import { indexBy } from '../../../src/text/index-by.ts';

test('items are found by each of their keys, in their order', () => {
  const words = ['one', 'two', 'three', ''];
  expect(indexBy(words, (word) => [...new Set(word)])).toEqual(
    new Map([
      ['o', ['one', 'two']],
      ['n', ['one']],
      ['e', ['one', 'three']],
      ['t', ['two', 'three']],
      ['w', ['two']],
      ['h', ['three']],
      ['r', ['three']],
    ]),
  );
});
