import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../../../dist', import.meta.url));

// The library is read by Node itself, as UTF-8.
test('the bundles that are read as Latin-1 hold ASCII only', () => {
  const bundles = readdirSync(dist).filter((name) => name.endsWith('.cjs') && name !== 'library.cjs');
  expect(bundles.length).toBeGreaterThan(5);
  const isAscii = (name: string): boolean => !/[^\0-\x7f]/.test(readFileSync(join(dist, name), 'latin1'));
  expect(bundles.filter((name) => !isAscii(name))).toEqual([]);
});
