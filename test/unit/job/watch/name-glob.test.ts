import { execFileSync } from 'node:child_process';
import { withoutBraces } from '../../../../src/job/watch/braces.ts';
import { nameGlob } from '../../../../src/job/watch/name-glob.ts';

/** Whole numbers below a limit, the same for the same seed. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const PIECES = [
  'a',
  'b',
  'ab',
  '.',
  '*',
  '?',
  '[ab]',
  '[!a]',
  '[a-c]',
  '@(a|bc)',
  '?(a)',
  '*(ab)',
  '+(b|c)',
  '!(a|b*)',
];

describe('globs for one name', () => {
  test('thousands of random globs match exactly what they match in bash', () => {
    const next = numbers(14);
    const asked = Array.from({ length: 20_000 }, () => ({
      glob: Array.from({ length: 1 + next(4) }, () => PIECES[next(PIECES.length)]).join(''),
      name: `${'abc'[next(3)]}${Array.from({ length: next(5) }, () => 'abc.'[next(4)]).join('')}`,
    }))
      // Bash has its own idea of what a `!(…)` after another wildcard means.
      .filter(({ glob }) => !glob.startsWith('.') && !/[*?+@].*!\(/.test(glob));
    const script =
      'shopt -s extglob; while read -r glob name; do [[ $name == $glob ]] && echo 1 || echo 0; done';
    const input = asked.map(({ glob, name }) => `${glob} ${name}\n`).join('');
    const answers = execFileSync('bash', ['-c', script], { input, encoding: 'utf8' }).split('\n');
    const wrong = asked.filter(
      ({ glob, name }, at) => nameGlob(glob).isMatch(name) !== (answers[at] === '1'),
    );
    expect(wrong.slice(0, 10)).toEqual([]);
    expect(answers.filter((answer) => answer === '1').length).toBeGreaterThan(2_000);
  });

  test.each([
    ['*', '.env', false],
    ['?env', '.env', false],
    ['[.]env', '.env', false],
    ['.*', '.env', true],
    ['.e?v', '.env', true],
    ['!(a)', '.env', false],
    ['*.env', '.env', false],
    ['@(.env|*)', '.env', true],
    ['@(.env|*)', '.other', false],
    ['[[:alpha:]]*', 'a1', true],
    ['[[:digit:]]*', 'a1', false],
    ['[]a]', ']', true],
    ['[^]a]', ']', false],
    ['[a', '[a', true],
    ['@(a', '@(a', true],
    ['(a)', '(a)', true],
    ['(a)', 'a', false],
    [String.raw`\*`, '*', true],
    [String.raw`\*`, 'a', false],
    ['*(a|*(b|c))d', 'abcabcd', true],
    ['.@(a|b)', '.a', true],
    ['.*', 'a', false],
    ['!(!(a))', 'a', true],
    ['ü?', 'ü😀', true],
    [String.raw`@(a\)b|c)`, 'a)b', true],
    [String.raw`@(a\)b|c)`, 'a', false],
    [String.raw`[\]a]`, ']', true],
    [String.raw`[\]a]`, 'a', true],
    [String.raw`[\]a]`, '\\', false],
    [String.raw`[\a-\c]`, 'b', true],
    [String.raw`[\a-\c]`, 'd', false],
    ['*[a\\', 'x[a\\', true],
    ['*\\', 'a\\', true],
    ['[a-]', '-', true],
    ['[a-]', 'b', false],
    ['[^a]', 'b', true],
    ['[^a]', 'a', false],
    ['[a[:digit:]]*', 'a1', true],
    ['[a[:digit:]]*', '5', true],
    ['[a[:digit:]]*', 'b', false],
    ['[[:nonsense:]]', 'n]', true],
    ['[[:constructor:]]', 'c]', true],
    ['!(.a)', '.b', false],
    ['x(a)*', 'x(a)b', true],
    ['x(a)*', 'xab', false],
    ['@(@(@(a)))', 'a', false],
    ['@(|a)', '.a', false],
    ['@(|.a)', '.a', true],
    ['[[[:digit:]]', '[', true],
    ['[[[:digit:]]', '5', true],
    ['[[[:digit:]]', 'd', false],
  ])('whether %j means %j is %j', (glob, name, expected) => {
    expect(nameGlob(glob).isMatch(name)).toBe(expected);
  });

  test.each([
    ['a', 'a'],
    [String.raw`a\*`, 'a*'],
    ['[id', '[id'],
    ['.env', '.env'],
    ['*', null],
    ['a?', null],
    ['[ab]', null],
    ['@(a)', null],
  ])('%j, without a wildcard, means one name alone: %j', (glob, plain) => {
    expect(nameGlob(glob).plain).toBe(plain);
  });

  test.each([
    `${'*a'.repeat(30)}b`,
    `${'*(a|aa)'.repeat(30)}b`,
    '*(*(a))b',
    '!(*a*a*a*a*!(*a*a*a))b',
    '+(+(a|?)|?)*(+(a|aa|aaa)|?(a))b',
    `${'[a-z]*'.repeat(60)}b`,
  ])('%j, which has more ways than there is time for, is answered at once', (glob) => {
    const begin = performance.now();
    expect(nameGlob(glob).isMatch('a'.repeat(250))).toBe(false);
    expect(performance.now() - begin).toBeLessThan(1_000);
  });
});

describe('braces', () => {
  test.each([
    ['{a,b}c', ['ac', 'bc']],
    ['{a,b}{1,2}', ['a1', 'a2', 'b1', 'b2']],
    ['{a,{b,c}}', ['a', 'b', 'c']],
    ['x{1..3}', ['x1', 'x2', 'x3']],
    ['{c..a}', ['c', 'b', 'a']],
    ['{one}', ['one']],
    ['{}', ['{}']],
    ['a{b', ['a{b']],
    ['a{b{c,d}', ['a{bc', 'a{bd']],
    [String.raw`\{a,b}`, [String.raw`\{a,b}`]],
    ['a}b', ['a}b']],
  ])('%j stands for %j', (glob, texts) => {
    expect(withoutBraces(glob)).toEqual(texts);
  });

  test.each([
    '{a,b}'.repeat(20),
    '{1..100000}',
    '{1..99}'.repeat(9),
    `${'{a,'.repeat(1_000)}b${'}'.repeat(1_000)}`,
  ])('too many alternatives are refused: %j', (glob) => {
    expect(withoutBraces(glob)).toBeNull();
  });
});
