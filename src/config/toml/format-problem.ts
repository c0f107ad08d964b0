import type { Problem } from '../config.ts';

/** `file:line:column: message`, and below it the source line with a caret, if the problem has one. */
export function formatProblem({ file, line, column, message, excerpt, isFolder }: Problem): string {
  const head = `${isFolder === true ? file : `${file}:${line}:${column}`}: ${message}`;
  return excerpt === undefined ? head : `${head}\n${excerpt}`;
}
