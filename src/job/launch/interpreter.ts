import { closeSync, constants, openSync, readSync } from 'node:fs';

/** The kernel reads no more of a `#!` line. */
const LINE_MAX = 256;

/** The interpreter of a script, if it is given by a path; null for other files. */
export function interpreterOf(program: string): string | null {
  const line = firstLineOf(program);
  return /^#![ \t]*([^ \t\n\0]+)/.exec(line)?.[1] ?? null;
}

function firstLineOf(path: string): string {
  const begin = Buffer.alloc(LINE_MAX);
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return begin.toString('utf8', 0, readSync(file, begin, 0, LINE_MAX, 0)).split('\n', 1)[0] ?? '';
    } finally {
      closeSync(file);
    }
  } catch {
    // A program may be executable for those who cannot read it.
    return '';
  }
}
