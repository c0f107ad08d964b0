import { basename, dirname, relative, resolve } from 'node:path';
import picomatch from 'picomatch';
import type { WatchRequest } from '../ports.ts';

/** Folders in which nobody edits by hand. */
const LEFT_OUT = new Set(['node_modules', '.git', '.hg', '.svn']);

/** Which paths some globs mean. */
export interface WatchedPaths {
  /** The folders below which all of them are. */
  readonly roots: readonly string[];
  isMatch(path: string): boolean;
  /** Whether a match can be in this folder, or further below, or the folder leads to one. */
  mayHold(folder: string): boolean;
}

/** A glob, resolved: a folder, and what is matched below it. */
interface Pattern {
  readonly root: string;
  readonly below: string;
  readonly isMatch: (relativePath: string) => boolean;
}

/** Reads globs as shells have them, hidden files left out; one without any wildcard means that path and all that is in it. */
export function watchedPaths({ cwd, globs }: WatchRequest): WatchedPaths {
  const wanted = globs.filter((glob) => !glob.startsWith('!')).flatMap((glob) => patternsOf(glob, cwd));
  const unwanted = globs
    .filter((glob) => glob.startsWith('!'))
    .flatMap((glob) => patternsOf(glob.slice(1), cwd));
  const isLeftOut = (path: string): boolean => path.split('/').some((part) => LEFT_OUT.has(part));
  const isHit = (pattern: Pattern, path: string): boolean => {
    const below = belowRoot(pattern.root, path);
    return below !== null && !isLeftOut(below) && pattern.isMatch(below);
  };
  return {
    roots: [...new Set(wanted.map(({ root }) => root))],
    isMatch: (path) =>
      wanted.some((pattern) => isHit(pattern, path)) && !unwanted.some((pattern) => isHit(pattern, path)),
    mayHold: (folder) =>
      wanted.some((pattern) => {
        const below = belowRoot(pattern.root, folder);
        if (below === null) return belowRoot(folder, pattern.root) !== null;
        return !isLeftOut(below) && reachesInto(pattern.below, below);
      }),
  };
}

function patternsOf(glob: string, cwd: string): readonly Pattern[] {
  const { base, glob: wild } = picomatch.scan(glob);
  if (wild !== '') return [patternBelow(resolve(cwd, base), wild)];
  const path = resolve(cwd, glob);
  const name = escaped(basename(path));
  return [name, `${name}/**`].map((below) => patternBelow(dirname(path), below));
}

function patternBelow(root: string, below: string): Pattern {
  return { root, below, isMatch: picomatch(below) };
}

const escaped = (name: string): string => name.replaceAll(/[\\*?[\]{}()!+@,]/g, String.raw`\$&`);

/** The path as seen from a root; null when it is not below it, empty for the root itself. */
function belowRoot(root: string, path: string): string | null {
  const below = relative(root, path);
  return below === '..' || below.startsWith('../') ? null : below;
}

/** Whether a path that begins with this folder can match: part by part, as far as the glob has plain parts. */
function reachesInto(glob: string, folder: string): boolean {
  // Alternatives may hold slashes, so that the parts say nothing.
  if (folder === '' || /[{(]/.test(glob.replaceAll(/\\./g, ''))) return true;
  const parts = glob.split('/');
  for (const [index, name] of folder.split('/').entries()) {
    const part = parts[index];
    if (part === undefined || index === parts.length - 1) return part?.includes('**') ?? false;
    if (part.includes('**')) return true;
    if (!picomatch.isMatch(name, part)) return false;
  }
  return true;
}
