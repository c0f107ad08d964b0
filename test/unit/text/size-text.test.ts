import { sizeText, stepOf } from '../../../src/text/size-text.ts';

test('a size is told in the units in which it was probably written', () => {
  const sizes = [300e6, 512e6, 64e3, 2 ** 30, 300 * 2 ** 20, 1.5e9, 4096, 1];
  expect(sizes.map((bytes) => sizeText(bytes, stepOf(bytes)))).toEqual([
    '300 MB',
    '512 MB',
    '64 kB',
    '1 GiB',
    '300 MiB',
    '1.5 GB',
    '4 KiB',
    '1 B',
  ]);
  expect(sizeText(324_560_000, 1000)).toBe('324.6 MB');
});
