import { existsSync, readFileSync } from 'node:fs';

/** The lines of a file that jobs append to, but for one that has no end yet; none without the file. */
export function wholeLines(path: string): readonly string[] {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return text.split('\n').slice(0, -1);
}
