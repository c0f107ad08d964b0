import { sizeText, stepOf } from '../../../src/text/size-text.ts';

test('a size is shown in the units in which it was probably written', () => {
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

test('a size changes its unit at a whole one, and has one decimal from ten on', () => {
  expect([999, 1000, 1234, 9994, 12_345, 999e12, 5e15].map((bytes) => sizeText(bytes, 1000))).toEqual([
    '999 B',
    '1 kB',
    '1.23 kB',
    '9.99 kB',
    '12.3 kB',
    '999 TB',
    '5000 TB',
  ]);
  expect([999_949, 999_950, 999_999_999].map((bytes) => sizeText(bytes, 1000))).toEqual([
    '999.9 kB',
    '1 MB',
    '1 GB',
  ]);
  expect([1023, 1024, 10 * 1024, 1024 ** 2].map((bytes) => sizeText(bytes, 1024))).toEqual([
    '1023 B',
    '1 KiB',
    '10 KiB',
    '1 MiB',
  ]);
  expect([1000, 1001, 999_000, 1e6, 1_001_000, 3e6].map(stepOf)).toEqual([
    1000, 1024, 1000, 1000, 1024, 1000,
  ]);
});
