import { watchedPaths } from '../../../../src/job/watch/watched-paths.ts';

test('a path of many folders under a glob of many ** is answered at once', () => {
  const paths = watchedPaths({ cwd: '/home/me/app', globs: [`${'**/a/'.repeat(200)}b`] });
  const begin = performance.now();
  expect(paths.isMatch(`/home/me/app/${'a/'.repeat(1_000)}c`)).toBe(false);
  expect(performance.now() - begin).toBeLessThan(5_000);
});
