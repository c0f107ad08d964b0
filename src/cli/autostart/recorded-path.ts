import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** What a shell on either system has at the end of its PATH, and what a service manager gives. */
const SYSTEM_FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/** What npm puts before the PATH of what it runs. */
const OF_NPM = /\/node_modules\/(\.bin|(@npmcli\/run-script|npm)\/.*node-gyp-bin)$/;

/** Folders that disappear with the shell, such as those of fnm; each is a link to a permanent one. */
const OF_ONE_SHELL = /\/fnm_multishells\//;

/** The PATH of a shell as a service manager can use it at any later login. */
export function recordedPath(shellPath: string): string {
  const folders = shellPath
    .split(':')
    .filter((folder) => isAbsolute(folder) && !OF_NPM.test(folder))
    .map((folder) => (OF_ONE_SHELL.test(folder) ? target(folder) : folder));
  return [...new Set([...folders, ...SYSTEM_FOLDERS])].join(':');
}

/** The first program of this name in a PATH. */
export function findProgram(name: string, path: string): string | null {
  const places = path.split(':').map((folder) => join(folder, name));
  return places.find(isProgram) ?? null;
}

export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    // Whatever keeps us from running it would keep the entry from it as well.
    return false;
  }
}

function target(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    // It is of no use, and does no harm.
    return folder;
  }
}
