import { byInstanceName } from '../../plan/names.ts';
import { readdirSync } from 'node:fs';
import { instanceOfLog } from '../../data-folder.ts';

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
    .map(instanceOfLog)
    .filter((name): name is string => name !== null && NAME.test(name))
    .toSorted(byInstanceName);
}
