import type { BigIntStats } from 'node:fs';
import { isOfNoRoom } from '../no-room.ts';
import type { WatchCalls } from './watch-calls.ts';

/** The observed state of a path: if its text differs, the file has changed. */
export interface Seen {
  readonly kind: 'file' | 'folder' | 'link';
  readonly sign: string;
  /** Device and inode of the target. */
  readonly id: string;
  /** The text of a link. */
  readonly link: string | null;
  /** Whether the path, or the target of a link, is a folder. */
  readonly isFolder: boolean;
  /** The file changed so recently that one more change may leave the modification time as it is. */
  readonly isFresh: boolean;
}

/** The times of files move in steps of some milliseconds: two changes in one step look like one. */
const FRESH_MS = 50;

/** Null where nothing exists or can be read. */
export async function seenAt(path: string, calls: WatchCalls): Promise<Seen | null> {
  const own = await quietly(calls.lstat(path, { bigint: true }));
  if (own === null) return null;
  if (!own.isSymbolicLink()) return seen(own, calls.clock.wall(), null);
  const [link, target] = await Promise.all([
    quietly(calls.readlink(path)),
    quietly(calls.stat(path, { bigint: true })),
  ]);
  if (link === null) return null;
  if (target === null)
    return { kind: 'link', sign: `${link} -> nothing`, id: idOf(own), link, isFolder: false, isFresh: false };
  return seen(target, calls.clock.wall(), link);
}

function seen(stats: BigIntStats, now: number, link: string | null): Seen {
  const isFolder = stats.isDirectory();
  const before = link === null ? '' : `${link} -> `;
  return {
    kind: link !== null ? 'link' : isFolder ? 'folder' : 'file',
    // A folder changes with each file in it, and those are observed separately.
    sign: before + (isFolder ? 'folder' : `${idOf(stats)} ${stats.mtimeNs} ${stats.size} ${stats.mode}`),
    id: idOf(stats),
    link,
    isFolder,
    isFresh: !isFolder && Math.abs(now - Number(stats.mtimeMs)) < FRESH_MS,
  };
}

export const idOf = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`;

/** A path that cannot be read counts as missing. Throws where the system has no room to read any. */
export async function quietly<T>(looking: Promise<T>): Promise<T | null> {
  try {
    return await looking;
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === 'string' && !isOfNoRoom(error)) return null;
    throw error;
  }
}
