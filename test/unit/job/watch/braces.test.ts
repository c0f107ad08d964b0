import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { withoutBraces } from '../../../../src/job/watch/braces.ts';

test.each([
  ['src/**/*.ts', ['src/**/*.ts']],
  ['{a,b}', ['a', 'b']],
  ['x{a,b}y{c,d}', ['xayc', 'xayd', 'xbyc', 'xbyd']],
  ['{a,{b,c}d}', ['a', 'bd', 'cd']],
  ['{a,}b', ['ab', 'b']],
  ['{1..3}', ['1', '2', '3']],
  ['{3..1}', ['3', '2', '1']],
  ['{-1..1}', ['-1', '0', '1']],
  ['{a..c}', ['a', 'b', 'c']],
  ['{c..a}', ['c', 'b', 'a']],
  ['{a..1}', ['a..1']],
  ['{ab..cd}', ['ab..cd']],
  ['{1..}', ['1..']],
  ['{one}', ['one']],
  ['{}', ['{}']],
  ['a{', ['a{']],
  ['a}', ['a}']],
  ['{a', ['{a']],
  ['{a,b', ['{a,b']],
  ['{{a,b}', ['{a', '{b']],
  ['\\{a,b}', ['\\{a,b}']],
  ['{a\\,b,c}', ['a\\,b', 'c']],
  ['{a,b\\}}', ['a', 'b\\}']],
])('the glob %s is %j', (glob, wanted) => {
  expect(withoutBraces(glob)).toEqual(wanted);
});

test('a glob has a thousand forms at most', () => {
  expect(withoutBraces('{1..1000}')?.length).toBe(1_000);
  expect(withoutBraces('{1..1001}')).toBeNull();
  expect(withoutBraces('{1..100000000}')).toBeNull();
  expect(withoutBraces('{a,b}'.repeat(9))?.length).toBe(512);
  expect(withoutBraces('{a,b}'.repeat(20))).toBeNull();
  expect(withoutBraces('{1..1000}{a,b}')).toBeNull();
});

test('braces mean what bash makes of them', () => {
  if (spawnSync('bash', ['--version']).status !== 0) return;
  const leaf = fc.constantFrom('a', 'b', 'xy', '1', '');
  const number = fc.integer({ min: -3, max: 5 });
  const range = fc.tuple(number, number).map(([from, to]) => `{${from}..${to}}`);
  const listOf = (part: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc.array(part, { minLength: 2, maxLength: 3 }).map((parts) => `{${parts.join(',')}}`);
  const part = fc.oneof(leaf, range, listOf(leaf), listOf(fc.oneof(leaf, range, listOf(leaf))));
  const glob = fc.tuple(leaf, part, part).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.array(glob, { minLength: 1, maxLength: 20 }), (globs) => {
      // With the dot, bash does not leave out empty words.
      const script = globs.map((each) => `printf '%s ' ${`.${each}`}; echo`).join('\n');
      const lines = spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.split('\n').slice(0, -1);
      const ours = globs.map((each) => withoutBraces(`.${each}`)?.join(' '));
      expect(ours).toEqual(lines.map((line) => line.trimEnd()));
    }),
    { numRuns: 20 },
  );
});
