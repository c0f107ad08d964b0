import { readdirSync } from 'node:fs';

const ENDING = '.log';

/** The job instances that have a log in the folder, in name order. */
export function loggedNames(dir: string): readonly string[] {
  let entries: readonly string[];
  try {
    entries = readdirSync(dir);
  } catch {
    // No folder yet, no logs yet.
    return [];
  }
  return entries
    .filter((entry) => entry.endsWith(ENDING))
    .map((entry) => entry.slice(0, -ENDING.length))
    .toSorted();
}
