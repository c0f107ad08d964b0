import { dirname } from 'node:path';
import { AppendFile } from './append-file.ts';
import type { Disk } from './disk.ts';

/** The path of a rewritten journal before it replaces the old one. */
export function newPathOf(path: string): string {
  return `${path}.new`;
}

/** Writes a file beside the journal; it is not on the disk yet. */
export function beginNew(disk: Disk, path: string, text: string): AppendFile {
  const file = new AppendFile(disk, disk.create(newPathOf(path)), 0);
  try {
    file.append(text);
  } catch (error) {
    abandonNew(disk, path, file);
    throw error;
  }
  return file;
}

/** Adds what was written meanwhile. The new file replaces the old one once all of it is on the disk. */
export function putInPlace(disk: Disk, path: string, file: AppendFile, rest: string): void {
  if (rest !== '') file.append(rest);
  disk.sync(file.fd);
  disk.rename(newPathOf(path), path);
}

/** All of it at once: the file is whole and in place when this returns. */
export function writeAnew(disk: Disk, path: string, text: string): AppendFile {
  const file = beginNew(disk, path, text);
  try {
    putInPlace(disk, path, file, '');
    syncName(disk, path);
  } catch (error) {
    abandonNew(disk, path, file);
    throw error;
  }
  return file;
}

/** Forgets a new file that did not come to its name. */
export function abandonNew(disk: Disk, path: string, file: AppendFile): void {
  file.close();
  disk.remove(newPathOf(path));
}

/** The new name survives a loss of power only when this has returned. */
export function syncName(disk: Disk, path: string): void {
  disk.syncFolder(dirname(path));
}
