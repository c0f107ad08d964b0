import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { Program } from '../ports.ts';
import { interpreterOf } from './interpreter.ts';
import { execLimits } from '../../os/exec-limits.ts';
import { isProtectedFolder } from '../../os/protected-folder.ts';

const POINTER_BYTES = 8;

/**
 * Why a program cannot be started; null if no reason is found. The error of exec would name only the
 * command.
 */
export function preflightError(program: Program): string | null {
  return folderError(program.cwd) ?? commandError(program) ?? sizeError(program);
}

/**
 * Checked before the launch: the shell could only write such an error to the log, and the launch would be
 * tried again for ever.
 */
function sizeError({ exe, args, env }: Program): string | null {
  const texts = [exe, ...args, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  if (texts.some((text) => text.includes('\0'))) return 'an argument or variable has a NUL in it';
  const sizes = texts.map((text) => Buffer.byteLength(text) + 1);
  const { each, all } = execLimits();
  const isTooMuch =
    sizes.some((size) => size > each) ||
    sizes.reduce((sum, size) => sum + size + POINTER_BYTES, 2 * POINTER_BYTES) > all;
  return isTooMuch ? 'its arguments and environment are too long for the system (E2BIG)' : null;
}

function folderError(cwd: string): string | null {
  try {
    if (!statSync(cwd).isDirectory()) return `cwd is not a folder: ${cwd}`;
    return isProtectedFolder(cwd)
      ? `macOS keeps ${cwd} from overseer: give node Full Disk Access, or let the job work in another folder`
      : null;
  } catch (error) {
    return codeOf(error) === 'ENOENT'
      ? `cwd does not exist: ${cwd}`
      : `cwd cannot be entered (${codeOf(error)}): ${cwd}`;
  }
}

function commandError({ exe, cwd, env }: Program): string | null {
  if (exe.includes('/')) {
    const path = isAbsolute(exe) ? exe : resolve(cwd, exe);
    return fileError(path) ?? interpreterError(path, cwd);
  }
  const path = env['PATH'] ?? '';
  const files = path.split(delimiter).map((folder) => join(folder === '' ? cwd : resolve(cwd, folder), exe));
  const found = files.map(fileError);
  const at = found.indexOf(null);
  if (at >= 0) return interpreterError(files[at] ?? '', cwd);
  return (
    found.find((error) => error?.startsWith('not executable')) ??
    `command not found: ${exe} (PATH is ${path === '' ? 'empty' : path})`
  );
}

/** For a script with a missing interpreter the system reports that the script does not exist. */
function interpreterError(path: string, cwd: string): string | null {
  const interpreter = interpreterOf(path);
  if (interpreter === null) return null;
  const error = fileError(resolve(cwd, interpreter));
  if (error === null) return null;
  if (interpreter.endsWith('\r'))
    return (
      `the first line of ${path} ends with a carriage return, which is taken for a part of its ` +
      `interpreter's name`
    );
  return `the interpreter of ${path} cannot be run: ${error}`;
}

function fileError(path: string): string | null {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return `not a program but a folder: ${path}`;
    if (!stat.isFile()) return `not a program: ${path}`;
    accessSync(path, constants.X_OK);
    return null;
  } catch (error) {
    return codeOf(error) === 'EACCES' ? `not executable: ${path}` : `command not found: ${path}`;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
