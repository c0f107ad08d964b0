import { accessSync, chmodSync, constants, mkdirSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { suspectIn } from './suspect.ts';
import { dataFolder, isForeign } from './data-folder.ts';
import { systemWords } from './text/system-messages.ts';

/** The two folders of overseer, and the user's own. */
export interface Homes {
  readonly config: string;
  readonly data: string;
  readonly home: string;
  /** The usual data folder, where `data` is that of a project and lies within it. */
  readonly around?: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** The variables that name the two folders themselves, as the options `--config` and `--data` do. */
const FOLDER_VARIABLES = { config: 'OVERSEER_CONFIG', data: 'OVERSEER_DATA' } as const;

/** The name of a project's config file. */
export const PROJECT_FILE = 'overseer.toml';

/** Names a project, which has both folders: its config is in it, and its data folder within the usual one. */
const PROJECT_VARIABLE = 'OVERSEER_PROJECT';

/**
 * Resolves overseer's folders outside projects. A relative or empty XDG variable is ignored, as the XDG
 * specification says.
 */
export function resolveHomes(env: Env, accountHome: () => string = homeOfAccount): Homes {
  const home = absolute(env['HOME']) ?? accountHome();
  return {
    config:
      named(env[FOLDER_VARIABLES.config], home) ??
      join(absolute(env['XDG_CONFIG_HOME']) ?? join(home, '.config'), 'overseer'),
    data:
      named(env[FOLDER_VARIABLES.data], home) ??
      join(absolute(env['XDG_DATA_HOME']) ?? join(home, '.local', 'share'), 'overseer'),
    home,
  };
}

/** The variable that names the config; null where the config is the usual one. */
export function namedConfig(env: Env): string | null {
  return (env[FOLDER_VARIABLES.config] ?? '') === '' ? null : FOLDER_VARIABLES.config;
}

/** The folder of the project that the environment names; null where it names none. */
export function projectIn(env: Env): string | null {
  const named = env[PROJECT_VARIABLE] ?? '';
  return named === '' ? null : named;
}

/** Whether nothing exists at a path. A path that cannot be checked counts as existing. */
export function isMissing(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch (error) {
    // Any other error is reported by the code that reads the path.
    return (error as NodeJS.ErrnoException).code === 'ENOTDIR';
  }
}

/**
 * The environment in which another program of overseer's finds these folders: they are named only where it
 * would look elsewhere.
 */
export function environmentFor({ config, data }: Homes, env: Env): Env {
  const rest = { ...env };
  for (const name of [...Object.values(FOLDER_VARIABLES), PROJECT_VARIABLE]) delete rest[name];
  const usual = resolveHomes(rest);
  return {
    ...rest,
    ...(config !== usual.config && { [FOLDER_VARIABLES.config]: config }),
    ...(data !== usual.data && { [FOLDER_VARIABLES.data]: data }),
  };
}

/**
 * Creates the data folder for this user alone. Null when it can be used, else the reason why not. Where a
 * daemon serves it, that daemon has looked at the files of the jobs when it began.
 */
export function makeDataHome(data: string, isServed = false): string | null {
  // An existing folder is checked below.
  const owner = isMissing(data) ? ownerAbove(data) : null;
  if (owner !== null)
    return (
      `the data folder ${data} would be in a folder of another user (uid ${owner}), who could not ` +
      'use it: run overseer as that user, or set XDG_DATA_HOME'
    );
  try {
    makeFolders(data);
  } catch (error) {
    // A check explains better than the failed mkdir what stands in the way.
    return (
      lookAtDataHome(data, isServed) ?? `cannot make the data folder ${data}: ${systemWords(error as Error)}`
    );
  }
  const access = constants.R_OK | constants.W_OK | constants.X_OK;
  return problemWith(data, { access, isServed, close: () => chmodSync(data, 0o700) });
}

/** One by one: Node's own way goes round for ever below /proc. */
function makeFolders(path: string): void {
  if (!isMissing(path)) return;
  makeFolders(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    // Either another process has just created it, or it is a link to a folder that does not exist.
    if (isMissing(path))
      throw new Error(`${path} is a link to ${readlinkSync(path)}, which does not exist; make that folder`, {
        cause: error,
      });
  }
}

/**
 * The other user who owns the folder, or the parent in which it would be created; null where that is this
 * user or root.
 */
export function ownerAbove(folder: string): number | null {
  let above = folder;
  while (isMissing(above) && dirname(above) !== above) above = dirname(above);
  const uid = ownerOf(above);
  return uid === 0 || uid === process.getuid?.() ? null : uid;
}

/** Null when the owner cannot be read: creating something there will report the error. */
function ownerOf(folder: string): number | null {
  try {
    return statSync(folder, { throwIfNoEntry: false })?.uid ?? null;
  } catch {
    return null;
  }
}

/**
 * Null when the data folder is missing, or is a readable folder of this user; else what is wrong with it.
 * Changes nothing. A daemon can be reached where nothing can be written any more.
 */
export function lookAtDataHome(data: string, isServed = false): string | null {
  return problemWith(data, { access: constants.R_OK | constants.X_OK, isServed, close: () => undefined });
}

interface Use {
  readonly access: number;
  readonly isServed: boolean;
  /** Called for a folder of this user that others may enter. */
  readonly close: () => void;
}

function problemWith(data: string, { access, isServed, close }: Use): string | null {
  try {
    const found = statSync(data, { throwIfNoEntry: false });
    if (found === undefined) return null;
    if (!found.isDirectory())
      return `the data folder ${data} is not a folder; move it away, or set XDG_DATA_HOME`;
    if (found.uid !== process.getuid?.())
      return `the data folder ${data} belongs to another user (uid ${found.uid})`;
    const entries = readdirSync(data);
    if (isForeign(entries))
      return `the data folder ${data} holds something else than overseer's; name a folder of its own`;
    const { logs, exits, history } = dataFolder(data);
    const suspect = suspectIn(data, {
      stats: found,
      entries,
      believed: isServed ? [] : [logs, exits, history],
    });
    if (suspect !== null) return suspect;
    if ((found.mode & 0o777) !== 0o700) close();
    accessSync(data, access);
    return null;
  } catch (error) {
    return `cannot use the data folder ${data}: ${systemWords(error as Error)}`;
  }
}

const named = (path: string | undefined, home: string): string | null =>
  path === undefined || path === '' ? null : namedFolder(path, home);

/** A path that cannot be resolved. */
class UnclearPath extends Error {
  override readonly name = 'UnclearPath';
}

/** Recognized by its name, because each bundle has its own class. */
export function isUnclearPath(error: unknown): error is UnclearPath {
  return error instanceof Error && error.name === 'UnclearPath';
}

/**
 * A folder as the user names it: `~` and `$HOME` at the beginning are the home folder, as in the config.
 * Throws UnclearPath.
 */
export function namedFolder(path: string, home: string): string {
  const expanded = path.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, () => home);
  if (/^~[^/]/.test(expanded))
    throw new UnclearPath(
      `${path}: only ~ and ~/ are expanded; write the whole path, or ./${path} for a folder here`,
    );
  return resolveHere(expanded);
}

/** A path relative to the working directory. Throws UnclearPath if that directory was removed. */
export function resolveHere(path: string): string {
  if (!isAbsolute(path) && isFolderRemoved())
    throw new UnclearPath(`${path}: the folder that this is relative to was removed; name an absolute path`);
  return resolve(path);
}

/** `bin/` leaves such a folder before Node begins. */
const isFolderRemoved = (): boolean => process.env['OVERSEER_FOLDER_REMOVED'] !== undefined;

const absolute = (path: string | undefined): string | null =>
  path !== undefined && isAbsolute(path) ? path : null;

/** An account without a home, or a user without an account, is at home in `/`, as for login(1). */
function homeOfAccount(): string {
  try {
    return absolute(process.getBuiltinModule('node:os').userInfo().homedir) ?? '/';
  } catch {
    // The user has no entry in the user database.
    return '/';
  }
}
