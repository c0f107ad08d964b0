import type { Problem } from '../config.ts';

/** `file:line:column: message`, and below it the source line with a caret, where there is one. */
export function formatProblem({ file, line, column, message, excerpt }: Problem): string {
  const head = `${file}:${line}:${column}: ${message}`;
  return excerpt === undefined ? head : `${head}\n${excerpt}`;
}
