import { join } from 'node:path';
import { dataFolder, isDataFolder } from '../../data-folder.ts';
import { idOf, quietly } from './file-sign.ts';
import type { WatchCalls } from './watch-calls.ts';

/** The data folder, and a test for the names in it that are the daemon's. */
export interface OwnFolder {
  readonly data: string;
  readonly isOurs: (name: string) => boolean;
}

/**
 * The files that daemons themselves write. A job that watched them would be restarted for its own restart.
 */
export interface OwnFiles {
  /** Whether this folder or file, by its device and inode, is left out. */
  has(id: string, folder: string, name: string): Promise<boolean>;
  /** Whether a folder in which these names are is another daemon's. */
  isData(names: { has(name: string): boolean }): boolean;
}

/**
 * The data folder, and the targets of links in it and in its `logs`. If a job lives in the data folder, only
 * the daemon's own names there are excluded.
 */
export async function ownFiles(
  { data, isOurs }: OwnFolder,
  cwd: string,
  calls: WatchCalls,
): Promise<OwnFiles> {
  const ids = new Set<string>();
  const top = await idAt(data, calls);
  const real = (await quietly(calls.realpath(data))) ?? data;
  const realCwd = (await quietly(calls.realpath(cwd))) ?? cwd;
  const isShared = realCwd === real || realCwd.startsWith(`${real}/`);
  if (top !== null && !isShared) ids.add(top);
  for (const folder of [data, dataFolder(data).logs]) {
    for (const entry of (await quietly(calls.readdir(folder, { withFileTypes: true }))) ?? []) {
      const isOwnLink = entry.isSymbolicLink() && (folder !== data || isOurs(entry.name));
      const target = isOwnLink ? await idAt(join(folder, entry.name), calls) : null;
      if (target !== null) ids.add(target);
    }
  }
  return {
    has: async (id, folder, name) =>
      ids.has(id) || (isShared && isOurs(name) && (await quietly(calls.realpath(folder))) === real),
    isData: (names) => !isShared && isDataFolder(names),
  };
}

async function idAt(path: string, calls: WatchCalls): Promise<string | null> {
  const stats = await quietly(calls.stat(path, { bigint: true }));
  return stats === null ? null : idOf(stats);
}
