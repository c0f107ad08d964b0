import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';

/** Group and others may write. */
const OPEN_TO_OTHERS = 0o022;

/** What lstat and readdir tell of a folder, and the subfolders whose files are checked too. */
interface Found {
  readonly stats: Stats;
  readonly entries: readonly string[];
  readonly believed: readonly string[];
}

/**
 * Why the content of our folder cannot be trusted, with the remedy; null when it can. Another user who once
 * had write access may have left a journal that runs their commands, or a link that redirects our writing. An
 * empty folder is trusted. Files in the `believed` folders are checked as well: a forged exit code is as bad
 * as a forged journal. Changes nothing.
 */
export function suspectIn(folder: string, { stats, entries, believed }: Found): string | null {
  if (entries.length === 0) return null;
  if (isOpen(stats))
    return (
      `others can write to ${folder} (mode ${octal(stats)}), so what is in it cannot be trusted; ` +
      `look through it, then \`chmod 700 ${folder}\``
    );
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
  // Links have no permissions of their own.
  if (found.isSymbolicLink() || !isOpen(found)) return null;
  return (
    `others can write to ${path} (mode ${octal(found)}), so it cannot be trusted; look through it, ` +
    `then \`chmod go-w ${path}\``
  );
}

/** Owners may open their own logs to others, but a log of another user is suspect. */
function foreignIn(folder: string): string | null {
  try {
    if (!lstatSync(folder).isDirectory()) return null;
    for (const entry of readdirSync(folder)) {
      const path = join(folder, entry);
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found !== undefined && found.uid !== process.getuid?.()) return foreign(path, found);
    }
  } catch (error) {
    // A folder that may not be read cannot be used either, so its files count as missing.
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
  }
  return null;
}

const foreign = (path: string, { uid }: Stats): string =>
  `${path} belongs to another user (uid ${uid}), so it cannot be trusted; look at it, then move it away`;

const isOpen = ({ mode }: Stats): boolean => (mode & OPEN_TO_OTHERS) !== 0;
const octal = ({ mode }: Stats): string => (mode & 0o777).toString(8);
