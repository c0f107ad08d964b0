import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { idOf, quietly } from './file-sign.ts';

/** What lies in a data folder, with what is added to a name while it is written or rotated. */
const OWN_NAME = /^(?:overseerd\.log|lock|state\.journal|logs|exits|socket|run|id)(?:[.-].*)?$/;

/** The files that the daemon itself writes. A job that watched them would be restarted for its own restart. */
export interface OwnFiles {
  /** Whether this folder or file, by its device and inode, is left out. */
  has(id: string, folder: string, name: string): Promise<boolean>;
}

/**
 * The data folder, and what links in it and in its `logs` lead to. A job may live in a folder that is the data folder
 * too: then only the daemon's own names there are left out.
 */
export async function ownFiles(data: string, cwd: string): Promise<OwnFiles> {
  const ids = new Set<string>();
  const top = await idAt(data);
  const real = (await quietly(realpath(data))) ?? data;
  const realCwd = (await quietly(realpath(cwd))) ?? cwd;
  const isShared = realCwd === real || realCwd.startsWith(`${real}/`);
  if (top !== null && !isShared) ids.add(top);
  for (const folder of [data, join(data, 'logs')]) {
    for (const entry of (await quietly(readdir(folder, { withFileTypes: true }))) ?? []) {
      const isOwn = entry.isSymbolicLink() && (folder !== data || OWN_NAME.test(entry.name));
      const target = isOwn ? await idAt(join(folder, entry.name)) : null;
      if (target !== null) ids.add(target);
    }
  }
  return {
    has: async (id, folder, name) =>
      ids.has(id) || (isShared && OWN_NAME.test(name) && (await quietly(realpath(folder))) === real),
  };
}

async function idAt(path: string): Promise<string | null> {
  const stats = await quietly(stat(path, { bigint: true }));
  return stats === null ? null : idOf(stats);
}
