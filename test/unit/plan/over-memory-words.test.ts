import { overMemoryWords } from '../../../src/plan/over-memory-words.ts';

test('both sizes are told in the units in which the config has its limit', () => {
  const words = (bytes: number, maxBytes: number): string => overMemoryWords({ bytes, maxBytes });
  expect([words(2 ** 29, 300_000_000), words(600_000_000, 256 * 2 ** 20), words(2 ** 30, 2 ** 29)]).toEqual([
    'its memory was 536.9 MB, above the 300 MB of max_memory',
    'its memory was 572.2 MiB, above the 256 MiB of max_memory',
    'its memory was 1 GiB, above the 512 MiB of max_memory',
  ]);
});
