import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DataFolder } from '../../data-folder.ts';
import { byInstanceName } from '../../plan/names.ts';

/** What a job that there is no more has left in the data folder. */
export interface LeftBehind {
  readonly job: string;
  readonly bytes: number;
  readonly paths: readonly string[];
}

/** No instance is called otherwise: a file of another name is not one of ours. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.@:-]*$/;

/** A log, a rotated one, one that is being rotated, or the times beside it. */
const LOG = /^(.+?)\.log(?:\.\d+)?(?:\.rotating)?(?:\.idx)?$/;

/** What is left of instances other than these: their logs, exit codes, histories and pipes. */
export function leftBehind(folder: DataFolder, isThere: (name: string) => boolean): readonly LeftBehind[] {
  const found = new Map<string, string[]>();
  const add = (dir: string, nameOf: (entry: string) => string | undefined): void => {
    for (const entry of entriesOf(dir)) {
      const name = nameOf(entry);
      if (name === undefined || !NAME.test(name) || isThere(name)) continue;
      found.set(name, [...(found.get(name) ?? []), join(dir, entry)]);
    }
  };
  add(folder.logs, (entry) => LOG.exec(entry)?.[1]);
  add(folder.exits, (entry) => entry);
  add(folder.history, (entry) => entry);
  add(folder.stdin, (entry) => entry);
  return [...found]
    .map(([job, paths]) => ({ job, paths, bytes: paths.reduce((sum, path) => sum + bytesOf(path), 0) }))
    .toSorted((a, b) => byInstanceName(a.job, b.job));
}

/** A link goes, and what it leads to stays. Throws what the disk says. */
export function removeLeft({ paths }: LeftBehind): void {
  for (const path of paths) rmSync(path, { recursive: true, force: true });
}

function entriesOf(dir: string): readonly string[] {
  try {
    return lstatSync(dir).isDirectory() ? readdirSync(dir) : [];
  } catch {
    // There is none, so nothing is in it.
    return [];
  }
}

function bytesOf(path: string): number {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() === true)
    return entriesOf(path).reduce((sum, entry) => sum + bytesOf(join(path, entry)), 0);
  return found?.isFile() === true ? found.size : 0;
}
