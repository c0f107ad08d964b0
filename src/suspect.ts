import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';

/** Group and others may write. */
const OPEN_TO_OTHERS = 0o022;

/**
 * Why the contents of a folder of ours cannot be trusted, with the cure; null when they can. Another user who could once
 * write there may have left a state that runs their commands, or a link that leads our writing elsewhere. An empty folder
 * is trusted, however open it is. The files in the folders `believed` are looked at as well: a forged exit code is as bad
 * as a forged journal. Changes nothing.
 */
export function suspectIn(folder: string, stats: Stats, believed: readonly string[]): string | null {
  const entries = readdirSync(folder);
  if (entries.length === 0) return null;
  if (isOpen(stats))
    return `others can write to ${folder} (mode ${octal(stats)}), so what is in it cannot be trusted; look through it, then \`chmod 700 ${folder}\``;
  for (const entry of entries) {
    const path = join(folder, entry);
    const suspect = suspectFile(path) ?? (believed.includes(path) ? foreignIn(path) : null);
    if (suspect !== null) return suspect;
  }
  return null;
}

function suspectFile(path: string): string | null {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  if (found.uid !== process.getuid?.()) return foreign(path, found);
  // A link has no permissions of its own.
  if (found.isSymbolicLink() || !isOpen(found)) return null;
  return `others can write to ${path} (mode ${octal(found)}), so it cannot be trusted; look through it, then \`chmod go-w ${path}\``;
}

/** A log that its owner has opened to others is their choice; one of another owner is not. */
function foreignIn(folder: string): string | null {
  try {
    if (!lstatSync(folder).isDirectory()) return null;
    for (const entry of readdirSync(folder)) {
      const path = join(folder, entry);
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found !== undefined && found.uid !== process.getuid?.()) return foreign(path, found);
    }
  } catch (error) {
    // What we may not look at, we cannot believe either: its files are as good as missing.
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
  }
  return null;
}

const foreign = (path: string, { uid }: Stats): string =>
  `${path} belongs to another user (uid ${uid}), so it cannot be trusted; look at it, then move it away`;

const isOpen = ({ mode }: Stats): boolean => (mode & OPEN_TO_OTHERS) !== 0;
const octal = ({ mode }: Stats): string => (mode & 0o777).toString(8);
