import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { watchedPaths } from '../../../../src/job/watch/watched-paths.ts';

const FILES = `a.js b.js ab .hidden x+y src/a.js src/b.ts src/.hidden src/ab/a.js src/ab/deep/er/b.js
  src/.git/a.js lib/a.js lib/b/a.js lib/b/b/b .dot/a.js A.js`.split(/\s+/);

/** Parts that together are a glob of bash with `globstar` and `extglob`. */
const name = fc
  .array(fc.constantFrom('*', '?', 'a', 'b', '.js', '.ts', 'src', 'lib', '[ab]', '[!a]', '@(a|b)', '.'), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => parts.join(''))
  // What goes up, or is a folder itself, is resolved by us as it is written.
  .filter((text) => !/^\.+$/.test(text));
const part = fc.oneof(
  { arbitrary: name, weight: 4 },
  fc.constant('**'),
  fc.constantFrom('*', 'src', 'lib', '{src,lib}', '{a,b}.js', '*.{js,ts}'),
);
const globs = fc
  .array(part, { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('/'))
  // Without a wildcard it means a path, and all that is in it.
  .filter((glob) => /[*?[@]/.test(glob));

let cwd = '';
beforeAll(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'globs-')));
  for (const file of FILES) {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), '');
  }
});
afterAll(() => rmSync(cwd, { recursive: true }));

const hasBash = spawnSync('bash', ['-c', 'shopt -s globstar extglob']).status === 0;

(hasBash ? test : test.skip)('globs of whole paths mean the files that bash finds by them', () => {
  const asked = fc.sample(globs, 1_500);
  // One at a time: a wrong one must not hide those behind it. Folders are left out, and what has no match.
  const script = `shopt -s globstar extglob nullglob; IFS=
while read -r glob; do
  eval "found=(\${glob// /\\\\ })"
  for file in "\${found[@]}"; do [ -f "$file" ] && printf '%s|' "$file"; done; echo
done`;
  const input = asked.map((glob) => `${glob}\n`).join('');
  const env = { PATH: process.env['PATH'], LC_ALL: 'C' };
  const lines = execFileSync('bash', ['--norc', '-c', script], { cwd, input, env, encoding: 'utf8' }).split(
    '\n',
  );
  // No glob here names `.git`, and a wildcard of ours does not enter it.
  const isMeant = (file: string): boolean => file !== '' && !file.includes('.git/');
  const byBash = asked.map((_, index) => [...new Set(lines[index]!.split('|').filter(isMeant))].toSorted());
  const byUs = asked.map((glob) => {
    const paths = watchedPaths({ cwd, globs: [glob] });
    return FILES.filter((file) => paths.isMatch(join(cwd, file))).toSorted();
  });
  const wrong = asked.flatMap((glob, index) =>
    byBash[index]!.join() === byUs[index]!.join() ? [] : [{ glob, bash: byBash[index], us: byUs[index] }],
  );
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(byBash.filter((found) => found.length > 0).length).toBeGreaterThan(100);
});
