import { resolve } from 'node:path';
import { namesAt, next, watchedPaths } from '../../../../src/job/watch/watched-paths.ts';

const cwd = '/home/me/app';
const isMatch = (globs: readonly string[], path: string): boolean =>
  watchedPaths({ cwd, globs }).isMatch(resolve(cwd, path));

describe('which paths globs mean', () => {
  test.each([
    [
      'src/**/*.js',
      ['src/a.js', 'src/b/c/d.js'],
      ['a.js', 'src/a.ts', 'lib/src/a.js', 'src/.a.js', 'src/node_modules/a.js'],
    ],
    ['*.{js,ts}', ['a.js', 'b.ts'], ['a.c', 'src/a.js']],
    ['conf', ['conf', 'conf/a', 'conf/b/c'], ['config', 'src/conf']],
    ['.env', ['.env'], ['.env.local', 'src/.env']],
    ['../shared/*.md', ['../shared/a.md'], ['shared/a.md', '../a.md']],
    ['/etc/app.conf', ['/etc/app.conf'], ['etc/app.conf']],
    ['a[bc]', ['ab', 'ac'], ['a', 'ad']],
    ['**', ['a', 'b/c'], ['.git/index', 'node_modules/x/y', '../a']],
    ['**/*.js', ['dev/a.js', 'proc/sys/a.js'], []],
    ['{src,lib/x}/*.js', ['src/a.js', 'lib/x/a.js'], ['lib/a.js']],
    ['node_modules/own/**', ['node_modules/own/a.js'], ['node_modules/other/a.js']],
    ['src/!(*.test).js', ['src/a.js'], ['src/a.test.js']],
    ['src/./x//../a.js', ['src/a.js'], ['src/x/a.js']],
    ['/', ['/etc/passwd', 'a'], ['/proc/1/stat', '/sys/a']],
    ['', ['a', 'b/c'], ['../a']],
  ])('%j', (glob, matching, others) => {
    expect(matching.filter((path) => !isMatch([glob], path))).toEqual([]);
    expect(others.filter((path) => isMatch([glob], path))).toEqual([]);
  });

  test.each([
    ['app/(shop)', 'app/(shop)/a/p.js'],
    ['app/(shop)/**/*.js', 'app/(shop)/a/p.js'],
    [String.raw`app/\(shop\)/**/*.js`, 'app/(shop)/a/p.js'],
    [String.raw`app/\[id\]x/**/*.js`, 'app/[id]x/a/p.js'],
    ['app/[...slug]', 'app/[...slug]/page.tsx'],
    ['app/[...slug]/**/*.tsx', 'app/[...slug]/a/page.tsx'],
    ['app/[[...slug]]/*.tsx', 'app/[[...slug]]/page.tsx'],
    ['app/[id]/page.tsx', 'app/[id]/page.tsx'],
    ['**/[id]/*', 'app/[id]/page.tsx'],
    ['{app}/**/*.js', 'app/a.js'],
    ['{app}/**/*.js', '{app}/a.js'],
    ['{app}', '{app}/a.js'],
    ['{a,b}/**/*.js', '{a,b}/x/y.js'],
    ['a b/ü/*.md', 'a b/ü/x.md'],
    ['@scope/x', '@scope/x/a.js'],
    ['a+b/(1)/*', 'a+b/(1)/x'],
    [String.raw`\!important`, '!important'],
    [String.raw`back\slash`, String.raw`back\slash`],
    ['a{b', 'a{b'],
    ['a[b', 'a[b/c'],
  ])('%j means the file %j, as unusual as the name is', (glob, path) => {
    expect(isMatch([glob], path)).toBe(true);
  });

  test('a glob that begins with ! takes out what others mean, wherever it stands', () => {
    const globs = ['!src/out/**', 'src/**'];
    expect([isMatch(globs, 'src/a'), isMatch(globs, 'src/out/a')]).toEqual([true, false]);
  });

  test('a folder is left out with all that is in it when a glob with ! means that', () => {
    const paths = watchedPaths({ cwd, globs: ['**', '!gen', '!out/**', '!*.md'] });
    const folders = ['gen', 'gen/a', 'out', 'out/a', 'src', 'a.js'];
    expect(folders.filter((folder) => paths.isAllOut(`${cwd}/${folder}`))).toEqual([
      'gen',
      'gen/a',
      'out',
      'out/a',
    ]);
  });

  test.each(['!out/*', '!**/out', '!**/*/x', '!out/**/*.js'])(
    'a folder of which %j takes out only some is still entered',
    (glob) => {
      const paths = watchedPaths({ cwd, globs: ['**', glob] });
      expect(['src', 'out', 'src/out'].filter((folder) => paths.isAllOut(`${cwd}/${folder}`))).toEqual([]);
    },
  );

  test('globs that take out are not among those that are watched for, which have their numbers', () => {
    const paths = watchedPaths({ cwd, globs: ['!gen/*', 'src/*', 'why!/*', '!out/*', 'src/*', 'lib/*'] });
    expect(paths.globs).toEqual(['src/*', 'why!/*', 'src/*', 'lib/*']);
    // One that is written twice has the number of the first.
    expect(paths.start.map(({ pattern }) => pattern.glob)).toEqual([0, 1, 0, 3]);
  });

  test('only names that are written out are looked for, until a wildcard takes any', () => {
    const { start } = watchedPaths({ cwd: '/home', globs: ['src/*.js', 'conf/app.toml', 'lib/**/a'] });
    const home = next(start, '/', 'home');
    const named = (name: string): ReadonlySet<string> | null => namesAt(next(home, '/home', name));
    expect([namesAt(start), namesAt(home)]).toEqual([new Set(['home']), new Set(['src', 'conf', 'lib'])]);
    expect([named('src'), named('lib'), named('conf'), named('other')]).toEqual([
      null,
      null,
      new Set(['app.toml']),
      new Set(),
    ]);
    expect(namesAt(next(next(home, '/home', 'src'), '/home/src', 'a.js'))).toEqual(new Set());
  });

  test('characters of a glob in the path of cwd are plain characters', () => {
    const odd = '/home/me/[x]*/(a)/{b,c}';
    const paths = watchedPaths({ cwd: odd, globs: ['*.js', '[ab]'] });
    expect([`${odd}/a.js`, `${odd}/b`, '/home/me/x/(a)/b/a.js'].map((path) => paths.isMatch(path))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test.each([
    '/',
    '//',
    '..',
    '!..',
    '.',
    './',
    '!',
    '!/',
    '../../..',
    '../../../../..',
    '',
    '!!',
    '!!/',
    '/*',
    '**/..',
  ])('the glob %j is read without an exception, from any folder', (glob) => {
    for (const folder of ['/', '/tmp', cwd])
      expect(watchedPaths({ cwd: folder, globs: [glob, 'src/*'] }).refused).toEqual([]);
  });

  test('a glob that stands for too many patterns is refused, and the others are watched', () => {
    const paths = watchedPaths({ cwd, globs: ['{a,b}'.repeat(20), 'x'.repeat(5_000), 'src/*'] });
    expect(paths.refused.map(({ why }) => why)).toEqual([
      'its braces stand for too many alternatives',
      'it is longer than 4096 characters',
    ]);
    expect(paths.isMatch(`${cwd}/src/a`)).toBe(true);
  });

  test('globs that together stand for more than a thousand patterns are watched up to that', () => {
    // Its text itself counts as well, as a glob, as a path, and as a folder.
    expect(watchedPaths({ cwd, globs: ['{1..997}/*'] }).refused).toEqual([]);
    const paths = watchedPaths({ cwd, globs: ['{1..997}/*', 'src/*'] });
    expect(paths.refused).toEqual([
      { glob: 'src/*', why: 'all globs together stand for more than 1000 patterns' },
    ]);
    expect([paths.isMatch(`${cwd}/7/a`), paths.isMatch(`${cwd}/src/a`)]).toEqual([true, false]);
  });
});
