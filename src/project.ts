import { createHash } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { dataFolder } from './data-folder.ts';
import { PROJECT_FILE, type Homes } from './homes.ts';

/** A folder with a config of its own, and so with a daemon of its own. */
export interface Project {
  /** Its config is one file; its data folder lies within the usual one, the same each time. */
  readonly homes: Homes;
  readonly folder: string;
  /** False where no config was found; then `homes` has the place where it would be. */
  readonly isThere: boolean;
}

/** And what names it: `--project` or `OVERSEER_PROJECT`. */
export interface NamedProject extends Project {
  readonly by: string;
}

/** A longer name would not leave room for the mark. */
const NAME_LETTERS = 64;

/** The project of a folder: the nearest `overseer.toml` in it or above it. A file is a project by itself. */
export function projectAt(path: string, usual: Homes): Project {
  const kind = kindAt(path);
  if (kind === 'file') return projectOf(path, usual, true);
  // The parents of a misspelt folder are not searched.
  const above = kind === null ? [path] : foldersFrom(path);
  const found = above.find((folder) => kindAt(join(folder, PROJECT_FILE)) === 'file');
  if (found !== undefined) return projectOf(join(found, PROJECT_FILE), usual, true);
  // A config or a folder that was removed or moved away may have left a daemon behind, which must stay within
  // reach.
  const left = above
    .map((folder) => projectOf(join(folder, PROJECT_FILE), usual, false))
    .find(({ homes }) => kindAt(dataFolder(homes.data).socket) === 'file');
  return left ?? newProjectAt(path, usual);
}

/** The project that `init` makes of a folder, whatever is above it. */
export function newProjectAt(path: string, usual: Homes): Project {
  const file = kindAt(path) === 'file' ? path : join(path, PROJECT_FILE);
  return projectOf(file, usual, kindAt(file) === 'file');
}

function projectOf(file: string, usual: Homes, isThere: boolean): Project {
  const folder = realPathOf(dirname(file));
  const config = join(folder, basename(file));
  const around = usualData(usual);
  return { homes: { ...usual, config, data: dataWithin(around, config), around }, folder, isThere };
}

function dataWithin(around: string, config: string): string {
  const mark = createHash('sha256').update(config).digest('hex').slice(0, 8);
  const name = basename(dirname(config))
    .slice(0, NAME_LETTERS)
    .replaceAll(/[^\w.-]/g, '_');
  return join(dataFolder(around).runs, `${name}-${mark}`);
}

/**
 * The jobs of a project have its two folders in their environment; other projects are not within that one.
 */
function usualData({ config, data }: Homes): string {
  const around = dirname(dirname(data));
  return data === dataWithin(around, config) ? around : data;
}

function foldersFrom(path: string): readonly string[] {
  const folders = [path];
  for (let folder = path; dirname(folder) !== folder; folders.push(folder)) folder = dirname(folder);
  return folders;
}

/**
 * However a folder is reached, it is the same project; what is not there any more keeps the path that it had.
 */
function realPathOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    const above = dirname(folder);
    return above === folder ? folder : resolve(realPathOf(above), basename(folder));
  }
}

/** What cannot be looked at is not there. */
function kindAt(path: string): 'file' | 'folder' | null {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return null;
    return found.isDirectory() ? 'folder' : 'file';
  } catch {
    return null;
  }
}
