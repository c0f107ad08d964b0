import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/sources.ts';

const FOLDERS = ['bin', 'docs', 'machines', 'scripts', 'src', 'test'];
const TEXT = /\.(md|ts|tsx|mjs|cjs|js|json|toml|css|html|sh|[158])$/;
const MARKER = /^(<{7}|>{7}) /m;

test('no file of the project contains the markers of an unfinished merge', () => {
  const files = [
    ...readdirSync(ROOT),
    ...FOLDERS.flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(folder, name),
      ),
    ),
  ].filter((path) => TEXT.test(path));
  const found = files.filter((path) => MARKER.test(readFileSync(join(ROOT, path), 'utf8')));
  expect(files.length).toBeGreaterThan(500);
  expect(found).toEqual([]);
});
