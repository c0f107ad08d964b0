import type { Problem } from './config.ts';

/** More are of no use to anybody, and their answer would be too large for the wire. */
export const MAX_PROBLEMS = 100;
const MAX_MESSAGE = 1_000;

/**
 * Sorted by place; what several jobs inherit from `[defaults]` is shown once. `notShown` were found beside
 * them.
 */
export function problemList(problems: readonly Problem[], notShown = 0): readonly Problem[] {
  const different = new Map(problems.map((problem) => [JSON.stringify(problem), shortened(problem)]));
  const sorted = [...different.values()].toSorted(
    (a, b) =>
      compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.message, b.message),
  );
  const shown = sorted.slice(0, MAX_PROBLEMS);
  const last = shown.at(-1);
  const left = sorted.length - shown.length + notShown;
  return left === 0 || last === undefined ? shown : [...shown, remark(last, left)];
}

/** At the place of the last problem that is shown, since the others come after it or elsewhere. */
function remark({ file, line, column }: Problem, left: number): Problem {
  const words = left === 1 ? '1 more problem is' : `${left.toLocaleString('en')} more problems are`;
  return { file, line, column, message: `${words} not shown: mend those above first` };
}

function shortened(problem: Problem): Problem {
  const { message } = problem;
  return message.length <= MAX_MESSAGE
    ? problem
    : { ...problem, message: `${message.slice(0, MAX_MESSAGE)}…` };
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
