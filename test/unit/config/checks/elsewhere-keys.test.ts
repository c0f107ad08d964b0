import { ELSEWHERE_WORDS, keyElsewhere } from '../../../../src/config/checks/elsewhere-keys.ts';
import { KEYS, type Key } from '../../../../src/config/schema/keys.ts';

test('no word of the table is a key here, nor another name of one', () => {
  const own = new Set((KEYS as readonly Key[]).flatMap(({ name, alias }) => [name, ...alias]));
  expect(ELSEWHERE_WORDS.length).toBeGreaterThan(50);
  expect(ELSEWHERE_WORDS.filter((word) => own.has(word))).toEqual([]);
});

test('a key of another process manager is answered in one line', () => {
  expect(keyElsewhere('user')).toBe(': every job runs as the user of its overseer');
  expect(keyElsewhere('start-order')).not.toBeNull();
  expect(keyElsewhere('restrat')).toBeNull();
});
