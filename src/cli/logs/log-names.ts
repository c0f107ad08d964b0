import { byInstanceName } from '../../plan/names.ts';
import { readdirSync } from 'node:fs';
import { instanceOfLog } from '../../data-folder.ts';

/** A file of any other name is no log of an instance, and its name may be unsafe to print. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.@:-]*$/;

/** The job instances that have a log in the folder, in name order. */
export function loggedNames(dir: string): readonly string[] {
  let entries: readonly string[];
  try {
    entries = readdirSync(dir);
  } catch {
    // Without the folder there are no logs.
    return [];
  }
  return entries
    .map(instanceOfLog)
    .filter((name): name is string => name !== null && NAME.test(name))
    .toSorted(byInstanceName);
}
