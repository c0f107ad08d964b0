import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { markIn, type SeenPrograms } from './facts.ts';

/** More is no entry of ours, which holds the PATH twice: Linux allows 128 KiB for it. */
const ENTRY_BYTES = 1024 * 1024;

/**
 * The text of the file where an entry would stand; null where there is none, and nothing of ours in what is
 * no plain file.
 */
export function textAt(file: string): string | null {
  try {
    const found = lstatSync(file, { throwIfNoEntry: false });
    if (found === undefined) return null;
    return found.isFile() && found.size <= ENTRY_BYTES ? readFileSync(file, 'utf8') : '';
  } catch (error) {
    // What cannot be read is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : '';
  }
}

/**
 * Whether a program that an entry led to is gone. Every trigger asks this, so where it is the one that runs
 * right now nothing is looked at.
 */
export function hasMoved(seen: SeenPrograms, running: SeenPrograms): boolean {
  return (['program', 'node'] as const).some(
    (each) => seen[each] !== running[each] && !existsSync(seen[each]),
  );
}

/** The same of the file in which the entry stands; false where none does. */
export function entryHasMoved(file: string, running: SeenPrograms): boolean {
  const text = textAt(file);
  const mark = text === null ? null : markIn(text);
  return mark !== null && hasMoved(mark.entry.seen, running);
}
