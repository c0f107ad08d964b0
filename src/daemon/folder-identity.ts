import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { dataFolder } from '../data-folder.ts';
import { isRefusal } from '../os/system-error.ts';

/** The identity of the data folder, which both the file `id` and the journal record. */
export interface FolderRecord {
  readonly id: string;
  readonly path: string;
  readonly inode: string;
}

export interface FolderIdentity {
  /** Marks the processes of the jobs of this folder; never that of another folder. */
  readonly id: string;
  /** The journal comes from another folder, so the processes that it names are not ours. */
  readonly isCopy: boolean;
  /** The record for the journal. */
  readonly record: FolderRecord;
  /** No process of an earlier boot can be alive. */
  readonly boot: string;
}

const ID_BYTES = 16;
const ID = /^[0-9a-f]{32}$/;

/**
 * Identifies a data folder independently of its path. A folder that was moved, or restored in its place,
 * keeps its id; a copy beside the original gets a new one. Device numbers are not used, since systems assign
 * them anew at each boot. `inJournal` is the journal's record; if it is lost, the file counts.
 */
export function identifyFolder(data: string, inJournal: unknown, boot: string): FolderIdentity {
  const here = { path: realpathSync(data), inode: String(statSync(data).ino) };
  const inFile = readRecord(data);
  const remembered = inJournal ?? inFile ?? undefined;
  const isCopy = remembered !== undefined && !isOf(remembered, here);
  const known = isRecord(remembered) ? remembered.id : (inFile?.id ?? null);
  const id = isCopy ? randomBytes(ID_BYTES).toString('hex') : (known ?? firstId(here.path));
  return { id, isCopy, record: { id, ...here }, boot };
}

/** Writes the id into its folder. A disk that refuses leaves it to the journal and to the next daemon. */
export function keepFolderId(data: string, record: FolderRecord): string | null {
  if (isDeepStrictEqual(readRecord(data), record)) return null;
  const path = dataFolder(data).id;
  try {
    rmSync(`${path}.new`, { force: true });
    writeFileSync(`${path}.new`, `${JSON.stringify(record)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(`${path}.new`, path);
    return null;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return `the id of the data folder cannot be written: ${error.message}`;
  }
}

/**
 * Derived from the path, so that a folder that was removed and created again finds its running jobs, and no
 * job runs twice.
 */
function firstId(path: string): string {
  return createHash('sha256')
    .update(path)
    .digest('hex')
    .slice(0, 2 * ID_BYTES);
}

function isOf(remembered: unknown, here: Omit<FolderRecord, 'id'>): boolean {
  // From before folders had ids: device and inode.
  if (typeof remembered === 'string') return remembered.split(':').at(-1) === here.inode;
  if (!isRecord(remembered)) return false;
  if (remembered.path === here.path) return true;
  return remembered.inode === here.inode && readRecord(remembered.path)?.id !== remembered.id;
}

function isRecord(value: unknown): value is FolderRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { id, path, inode } = value as Record<string, unknown>;
  return typeof id === 'string' && ID.test(id) && typeof path === 'string' && typeof inode === 'string';
}

/** The record in a folder; null where there is none. */
function readRecord(data: string): FolderRecord | null {
  const path = dataFolder(data).id;
  try {
    // Anything but a regular file is not read.
    if (!lstatSync(path).isFile()) return null;
    const record: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRecord(record) ? record : null;
  } catch {
    // Missing, unreadable or damaged: the next start writes it again.
    return null;
  }
}
