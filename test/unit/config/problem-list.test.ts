import type { Problem } from '../../../src/config/config.ts';
import { partsOfInstance } from '../../../src/config/instance-name.ts';
import { problemList } from '../../../src/config/problem-list.ts';
import { formatProblem } from '../../../src/config/toml/format-problem.ts';

const problem = (line: number, given: Partial<Problem> = {}): Problem => ({
  file: '/c/a.toml',
  line,
  column: 1,
  message: 'bad',
  ...given,
});

test('problems stand in the order of their places, each once', () => {
  const list = [
    problem(2),
    problem(1, { column: 9 }),
    problem(1, { message: 'worse' }),
    problem(1),
    problem(2),
    problem(1, { file: '/c/A.toml' }),
    problem(9, { file: '/b/z.toml' }),
  ];
  expect(
    problemList(list).map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`),
  ).toEqual([
    '/b/z.toml:9:1 bad',
    '/c/A.toml:1:1 bad',
    '/c/a.toml:1:1 bad',
    '/c/a.toml:1:1 worse',
    '/c/a.toml:1:9 bad',
    '/c/a.toml:2:1 bad',
  ]);
});

test('of very many problems a hundred are shown, and how many are left', () => {
  const many = (count: number): readonly Problem[] =>
    Array.from({ length: count }, (_, at) => problem(at + 1));
  expect(problemList(many(100)).length).toBe(100);
  expect(problemList(many(101)).slice(100)).toEqual([
    problem(100, { message: '1 more problem is not shown: mend those above first' }),
  ]);
  expect(problemList(many(3), 1_234).at(-1)).toEqual(
    problem(3, { message: '1,234 more problems are not shown: mend those above first' }),
  );
  expect(problemList([], 5)).toEqual([]);
});

test('a message of a thousand letters is whole, and a longer one is cut', () => {
  const [whole] = problemList([problem(1, { message: 'x'.repeat(1_000) })]);
  const [cut] = problemList([problem(1, { message: 'x'.repeat(1_001) })]);
  expect([whole?.message, cut?.message]).toEqual(['x'.repeat(1_000), `${'x'.repeat(1_000)}…`]);
});

test('a problem of a folder has no line, and an excerpt stands below its message', () => {
  expect(formatProblem(problem(3, { column: 2 }))).toBe('/c/a.toml:3:2: bad');
  expect(formatProblem(problem(1, { file: '/c', isFolder: true }))).toBe('/c: bad');
  expect(formatProblem(problem(1, { excerpt: 'x\n^' }))).toBe('/c/a.toml:1:1: bad\nx\n^');
});

test('the name of a copy has the name of its job and a number without zeros before it', () => {
  expect(
    ['web@2', 'web@0', 'a@b@10', 'web', 'web@', '@2', 'web@02', 'web@x', 'web@2x'].map(partsOfInstance),
  ).toEqual([
    { job: 'web', number: 2 },
    { job: 'web', number: 0 },
    { job: 'a@b', number: 10 },
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
});
