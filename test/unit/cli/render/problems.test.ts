import { problemCount, renderProblems } from '../../../../src/cli/render/problems.ts';
import type { Problem } from '../../../../src/config/config.ts';

const problems = (count: number): readonly Problem[] =>
  Array.from({ length: count }, () => ({ file: 'a.toml', line: 1, column: 1, message: 'm' }));

test('one problem is "a problem", and more are counted', () => {
  expect([1, 2, 11].map((count) => problemCount(problems(count)))).toEqual([
    'a problem',
    '2 problems',
    '11 problems',
  ]);
});

test('the name of a file is printed so that a terminal does not obey it', () => {
  const [problem] = problems(1) as readonly [Problem];
  expect(renderProblems([{ ...problem, file: 'a\u001b[2J.toml' }])).toBe('a\\e[2J.toml:1:1: m\n');
});
