import { readdirSync } from 'node:fs';

const ENDING = '.log';

/** No instance is called otherwise: a file of another name is not one of ours, and its name none to print. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.@:-]*$/;

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
    .filter((name) => NAME.test(name))
    .toSorted();
}
