import { bytesText } from '../../../src/text/bytes-text.ts';

test('a number of bytes has three digits at most', () => {
  const sizes = [0, 512, 999, 1000, 1536, 10_240, 1_048_575, 230 * 1024 ** 2, 1.5 * 1024 ** 3, 2 ** 60];
  expect(sizes.map(bytesText)).toEqual([
    '0B',
    '512B',
    '999B',
    '1.0K',
    '1.5K',
    '10K',
    '1.0M',
    '230M',
    '1.5G',
    '1048576T',
  ]);
});

test('a size is rounded into the next unit where it would have four digits', () => {
  const edges = [999, 999.4, 999.5, 9.94 * 1024, 9.95 * 1024, 5, 999.5 * 1024, 999.5 * 1024 ** 4];
  expect(edges.map(bytesText)).toEqual(['999B', '999B', '1.0K', '9.9K', '10K', '5B', '1.0M', '1000T']);
});
